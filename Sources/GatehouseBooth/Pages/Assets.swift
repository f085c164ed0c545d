// SPDX-License-Identifier: Apache-2.0

/// Files that every page loads; nothing comes from another machine.
enum Assets {
    static let style = #"""
        :root {
          --ink: #14202b; --soft: #5a6a78; --line: #d5dde4; --paper: #f2f5f7; --card: #fff;
          --go: #0b6b3a; --bad: #b3261e; --wait: #8a5200; --blue: #124e96;
          font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
          color: var(--ink); background: var(--paper); line-height: 1.45;
        }
        * { box-sizing: border-box; }
        body { margin: 0; }
        header {
          display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding: .6rem 1rem;
          background: #10283e; color: #fff;
        }
        header a { color: #fff; text-decoration: none; padding: .4rem 0; display: inline-block; }
        header nav { display: flex; gap: 1rem; flex: 1; }
        header .site { font-weight: 700; font-size: 1.15rem; }
        header .en { color: #b7c7d6; }
        .who { margin: 0; }
        main { max-width: 84rem; margin: 0 auto; padding: .75rem 1rem 3rem; }
        h1 { font-size: 1.3rem; margin: 0 0 1rem; }
        h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
        .en, small { color: var(--soft); font-size: .85em; font-weight: 400; }
        code { font-size: .8em; color: var(--soft); overflow-wrap: anywhere; }
        section, .lane, .login { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: 0 0 .9rem; min-width: 0; }
        section.lanes { background: none; border: 0; padding: 0; display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
        .lane { margin: 0; border-top: .3rem solid var(--line); }
        .lane.waits { border-top-color: #e08a00; background: #fffaf0; }
        .beside { display: grid; gap: 0 .9rem; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
        .asof { margin: 0 0 .5rem; color: var(--soft); font-size: .9rem; }
        .silence { background: var(--bad); color: #fff; font-weight: 700; font-size: 1.15rem; padding: .8rem 1rem; border-radius: .5rem; margin: 0 0 .75rem; position: sticky; top: 0; z-index: 2; }
        .silence .en { color: #ffdad6; }
        .stale { filter: grayscale(1); opacity: .45; }
        .said { border-left: .3rem solid var(--go); background: #e8f5ec; padding: .6rem .9rem; margin: 0 0 .75rem; border-radius: .25rem; }
        .said.bad { border-color: var(--bad); background: #fdecea; }
        .trouble, .notice { padding: .5rem .9rem; border-radius: .25rem; margin: 0 0 .6rem; }
        .trouble { background: #fdecea; color: var(--bad); font-weight: 700; }
        .notice { background: #fff4dc; color: var(--wait); }
        .notice a { color: inherit; }
        .good { color: var(--go); margin: 0; }
        .state { margin: 0; display: flex; flex-wrap: wrap; gap: .35rem; }
        .chip { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .65rem; font-size: .9rem; background: #f7f9fa; }
        .chip.phase { background: var(--blue); color: #fff; border-color: var(--blue); }
        .chip.phase .en { color: #cfe0f3; }
        .chip.bad { background: #fdecea; color: var(--bad); border-color: #f3b8b3; }
        .plate { font-size: 2rem; font-weight: 700; letter-spacing: .04em; margin: .3rem 0; overflow-wrap: anywhere; line-height: 1.2; }
        .why { margin: 0 0 .5rem; color: var(--wait); }
        .pair { display: flex; gap: .6rem; margin: 0 0 .5rem; }
        .candidates .pair { flex-wrap: wrap; }
        .candidates .pair > div { flex: 1 1 9rem; min-width: 0; max-width: 24rem; }
        .candidates p { margin: 0; overflow-wrap: anywhere; }
        figure { margin: 0; flex: 1 1 0; min-width: 0; }
        figure.none p { margin: 0; aspect-ratio: 8 / 5; display: grid; place-content: center; background: #eaeff3; color: var(--soft); border-radius: .25rem; }
        .pair figure:only-child { max-width: 24rem; }
        figcaption { font-size: .85rem; overflow-wrap: anywhere; }
        figcaption b, figcaption time { white-space: nowrap; }
        figure img { width: 100%; height: auto; aspect-ratio: 8 / 5; object-fit: cover; background: #d5dde4; border-radius: .25rem; display: block; }
        .levels { display: flex; flex-wrap: wrap; gap: .1rem .8rem; font-size: .85rem; color: var(--soft); margin: 0 0 .5rem; }
        .level.on { color: var(--ink); font-weight: 700; }
        .level.doubt { color: var(--bad); font-weight: 700; }
        form.order { margin: .4rem 0; display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
        form.order label { flex: 1 1 9rem; }
        label { display: block; font-size: .85rem; color: var(--soft); }
        input, select, button { font: inherit; }
        input:not([type=hidden]), select { width: 100%; min-height: 2.75rem; padding: .3rem .6rem; border: 1px solid #9aa9b5; border-radius: .3rem; background: #fff; color: var(--ink); }
        .buttons { display: flex; flex-wrap: wrap; gap: .5rem; flex: 1 1 100%; }
        button { min-height: 3rem; padding: .4rem 1.2rem; border: 0; border-radius: .35rem; background: var(--go); color: #fff; font-weight: 700; cursor: pointer; }
        button .en { color: inherit; opacity: .85; }
        .buttons button { flex: 1 1 8rem; }
        button.secondary { background: #44566a; }
        button.danger { background: var(--bad); }
        button.plain { background: none; min-height: 2.25rem; padding: .2rem .5rem; border: 1px solid #57708a; font-weight: 400; }
        button:disabled { opacity: .5; cursor: wait; }
        :focus-visible { outline: .2rem solid #f5a300; outline-offset: .1rem; }
        summary { cursor: pointer; padding: .5rem 0; color: var(--blue); }
        ol.passages, ol.stays, ul.faults { list-style: none; margin: 0; padding: 0; }
        ol.passages li { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; }
        .passages li, .stays > li, .faults li { border-top: 1px solid var(--line); padding: .45rem 0; overflow-wrap: anywhere; }
        .passages li:first-child, .stays > li:first-child, .faults li:first-child { border-top: 0; }
        .stays p { margin: 0; }
        .way { border-radius: .25rem; padding: 0 .4rem; color: #fff; background: var(--blue); }
        .way.out { background: #44566a; }
        .way .en { color: #dbe7f3; }
        .where { color: var(--soft); }
        .thumbs { display: flex; gap: .3rem; margin-left: auto; }
        .thumbs img { width: 4rem; height: 2.5rem; object-fit: cover; border-radius: .2rem; background: #d5dde4; display: block; }
        .area { margin: 0; }
        .number { font-size: 1.6rem; font-weight: 700; }
        .faults .critical b { color: var(--bad); }
        .faults .warning b { color: var(--wait); }
        .login { max-width: 24rem; margin: 3rem auto; display: grid; gap: .8rem; }
        .search { display: flex; gap: .5rem; margin: 0 0 .6rem; }
        .search button { white-space: nowrap; }
        [hidden] { display: none !important; }
        @media (max-width: 48rem) {
          main { padding: .6rem .6rem 3rem; }
          .beside { grid-template-columns: minmax(0, 1fr); }
          button { min-height: 3.4rem; font-size: 1.05rem; }
          button.plain { min-height: 2.5rem; font-size: 1rem; }
          .plate { font-size: 1.8rem; }
          form.order label, .buttons button { flex-basis: 100%; }
          form.order > button { flex: 1 1 100%; }
        }

        """#

    static let script = #"""
        "use strict";
        (() => {
          const board = document.getElementById("board");
          const said = document.getElementById("said");
          const silence = document.getElementById("silence");
          const silentFor = document.getElementById("silent-for");
          const pause = (ms) => new Promise((done) => setTimeout(done, ms));
          let version = board ? board.dataset.version : "";
          let heard = board && !board.classList.contains("stale") ? performance.now() : -Infinity;
          let drawn = performance.now();
          let begun = performance.now();

          const say = (text, isGood) => {
            if (!said) return;
            said.textContent = text;
            said.classList.toggle("bad", !isGood);
            said.hidden = false;
            said.scrollIntoView({ block: "nearest" });
          };

          // Without the marks, which differ from one drawing to the next.
          const look = (element) => {
            const copy = element.cloneNode(true);
            copy.querySelectorAll("input[name=press]").forEach((mark) => mark.removeAttribute("value"));
            copy.querySelectorAll("details").forEach((more) => more.removeAttribute("open"));
            return copy.innerHTML;
          };

          const fields = (element) => [...element.querySelectorAll("select, input:not([type=hidden])")];
          const offers = (element) => [...element.querySelectorAll("button")].map((button) => button.value).join();

          // A guard who is choosing a reason keeps the choice while the lane goes on.
          const takeOver = (old, fresh) => {
            const name = (field) => field.name + field.form.querySelector("button").value;
            const before = new Map(fields(old).map((field) => [name(field), field]));
            for (const field of fields(fresh)) {
              const known = before.get(name(field));
              if (known && known.value && known.value !== known.defaultValue) field.value = known.value;
            }
            fresh.querySelectorAll("details").forEach((more, index) => {
              more.open = old.querySelectorAll("details")[index]?.open ?? false;
            });
          };

          const replaceLane = (old, fresh) => {
            if (old.querySelector("form[data-sent]")) return;
            const isOther = look(old) !== look(fresh) || old.className !== fresh.className;
            const isTouched = old.contains(document.activeElement) && document.activeElement.matches("select, input");
            if (isOther && isTouched && offers(old) === offers(fresh)) {
              old.className = fresh.className;
              old.dataset.phase = fresh.dataset.phase;
              // An amount that is being typed stays, with the charge that it is for.
              const isCharge = old.querySelector("section.charge")?.contains(document.activeElement);
              const stays = (part) => part.matches(isCharge ? "form, details, section.charge" : "form, details");
              [...old.children].filter((part) => !stays(part)).forEach((part) => part.remove());
              const first = old.firstChild;
              [...fresh.children].filter((part) => !stays(part)).forEach((part) => old.insertBefore(part, first));
              return;
            }
            takeOver(old, fresh);
            if (isOther) return old.replaceWith(fresh);
            remark(old, fresh);
          };

          const remark = (old, fresh) => {
            const marks = fresh.querySelectorAll("input[name=press]");
            old.querySelectorAll("input[name=press]").forEach((mark, index) => { mark.value = marks[index].value; });
          };

          const draw = (html) => {
            const page = document.createElement("template");
            page.innerHTML = html;
            const lanes = page.content.querySelectorAll("[data-lane]");
            const names = (list) => [...list].map((lane) => lane.dataset.lane).join("\n");
            if (names(lanes) !== names(board.querySelectorAll("[data-lane]"))) {
              board.replaceChildren(page.content);
              return;
            }
            lanes.forEach((lane) => replaceLane(board.querySelector(`[data-lane="${CSS.escape(lane.dataset.lane)}"]`), lane));
            // The lanes stay where they are, so that what has the focus keeps it.
            const kept = board.querySelector("section.lanes");
            const rest = board.querySelector(".beside");
            const fresh = page.content.querySelector(".beside");
            // A drawer is counted while vehicles pass.
            const isTyped = rest?.contains(document.activeElement) && document.activeElement.matches("select, input");
            const isSame = isTyped || (rest && fresh && look(rest) === look(fresh));
            if (rest && fresh && isSame && !isTyped) remark(rest, fresh);
            if (rest && fresh && !isSame) takeOver(rest, fresh);
            [...board.children].forEach((part) => {
              if (part !== kept && !(isSame && part === rest)) part.remove();
            });
            let isBefore = true;
            [...page.content.children].forEach((part) => {
              if (part.matches("section.lanes")) isBefore = false;
              else if (isBefore) board.insertBefore(part, kept);
              else if (!isSame) board.append(part);
            });
          };

          const live = async () => {
            for (;;) {
              try {
                const isOld = performance.now() - drawn > 240000;
                const answer = await fetch("/live?after=" + (isOld ? "" : version), {
                  cache: "no-store", signal: AbortSignal.timeout(8000),
                });
                if (answer.status === 401) { location.assign("/login"); return; }
                if (answer.status === 200) {
                  draw(await answer.text());
                  version = answer.headers.get("X-Board-Version");
                  drawn = performance.now();
                }
                if (answer.ok) heard = performance.now();
                else await pause(1000);
              } catch {
                await pause(1000);
              }
            }
          };

          // Old must not look live.
          const judge = () => {
            const silent = performance.now() - heard;
            const isStale = silent > 5000;
            board.classList.toggle("stale", isStale);
            board.inert = isStale;
            silence.hidden = !isStale;
            const seconds = Math.round(Math.min(silent, performance.now() - begun) / 1000);
            silentFor.textContent = isStale ? seconds + " s" : "";
          };

          document.addEventListener("submit", async (event) => {
            const form = event.target;
            if (!form.matches("form.order")) return;
            event.preventDefault();
            if (form.dataset.sent) return;
            form.dataset.sent = "1";
            const body = new URLSearchParams(new FormData(form, event.submitter));
            const buttons = form.querySelectorAll("button");
            buttons.forEach((button) => { button.disabled = true; });
            let isAnswered = false;
            try {
              const answer = await fetch(form.getAttribute("action"), {
                method: "POST", body, headers: { Accept: "text/plain" }, signal: AbortSignal.timeout(15000),
              });
              if (answer.status === 401) { location.assign("/login"); return; }
              say(await answer.text(), answer.ok);
              isAnswered = true;
              if (!board && answer.ok) { await pause(800); location.reload(); return; }
            } catch {
              say("不知是否送达，请看现场后再按一次 · Not known whether it arrived: look, then press again", false);
            }
            // The second half of a double click finds the form still sent; the same mark counts once in any case.
            await pause(600);
            delete form.dataset.sent;
            buttons.forEach((button) => { button.disabled = false; });
            if (isAnswered) { version = ""; form.reset(); }
          });

          document.addEventListener("change", (event) => {
            const select = event.target;
            if (select.name !== "reason" || !select.form) return;
            const note = select.form.querySelector("input[name=note]");
            if (note) note.required = select.value === "OTHER";
          });

          // A picture is on disk a moment after its record.
          document.addEventListener("error", (event) => {
            const image = event.target;
            if (!(image instanceof HTMLImageElement)) return;
            const tries = Number(image.dataset.tries ?? 0);
            if (tries >= 4) return;
            image.dataset.tries = String(tries + 1);
            setTimeout(() => { image.src = image.src.split("?")[0] + "?" + (tries + 1); }, 700 * (tries + 1));
          }, true);

          if (!board) return;
          setInterval(judge, 500);
          judge();
          live();
        })();

        """#
}
