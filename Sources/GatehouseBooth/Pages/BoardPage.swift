// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// Lanes, what waits, the last passages, spaces and faults. Drawn whole for the page and again as it changes; the
/// script puts it in the place of the old one.
struct BoardPage {
    var session: Sessions.Session
    var zone: ZoneRules
    /// A mark for a form drawn now.
    var press: () -> String

    func whole(_ snapshot: Snapshot, isLive: Bool, said: String?) -> HTML {
        let site = snapshot.board?.status.process.site ?? "Gatehouse"
        return Page.whole(
            "岗亭", site: site, session: session, isLive: true,
            """
            <p id="silence" class="silence" role="alert"\(isLive ? " hidden" : nil)>\
            \(Term("听不到网关，以下内容已过时！", "No word from the gateway: what stands below is old!").html) \
            <span id="silent-for"></span></p>
            <p id="said" class="said" role="status"\(said == nil ? " hidden" : nil)>\(said ?? "")</p>
            <div id="board" data-version="\(snapshot.version)"\(isLive ? nil : " class=\"stale\"")>\(board(snapshot))</div>
            """)
    }

    func board(_ snapshot: Snapshot) -> HTML {
        guard let board = snapshot.board, let asOf = snapshot.asOf else {
            return "<p>\(Words.notHeard.html)</p>"
        }
        return """
            <p class="asof">\(Term("数据时间", "as of").html) <time>\(Page.stamp(asOf, zone))</time></p>
            \(troubles(board))
            <section class="lanes">\(board.status.lanes.map { lane($0, board) })</section>
            <div class="beside">
            <section>\(heading("最近通行", "last passages"))\(passages(board))</section>
            <div>
            <section>\(heading("车位", "spaces"))\(board.status.areas.map(area))\(unmatched(board))</section>
            \(drawer(board))
            <section>\(heading("故障", "faults"))\(faults(board))</section>
            </div>
            </div>
            """
    }

    private func heading(_ zh: String, _ en: String) -> HTML { "<h2>\(Term(zh, en).html)</h2>" }

    private func troubles(_ board: Board) -> HTML {
        var lines: [HTML] = []
        let status = board.status
        if let trouble = status.storeTrouble {
            lines.append(
                "<p class=\"trouble\">\(Term("记录无法写入", "the journal takes no records").html) \(trouble)</p>")
        }
        if let drill = status.drill {
            lines.append(
                """
                <p class="trouble">\(Term("消防演练中", "fire drill").html) \(Page.time(drill.until, zone)) \(drill.by.name)</p>
                """)
        }
        if let uplink = status.process.uplink, !uplink.isUp {
            let waits = Term(
                "上级平台断开，\(uplink.backlog) 条待传", "upstream is down, \(uplink.backlog) records wait")
            lines.append("<p class=\"notice\">\(waits.html)</p>")
        }
        if board.authority < .guard {
            let mayNot = Term("本页无操作权限", "this page may only look: its user is not in gatehouse-guard")
            lines.append("<p class=\"notice\">\(mayNot.html)</p>")
        }
        return "\(lines)"
    }

    // MARK: Lanes

    private func lane(_ lane: StatusResult.Lane, _ board: Board) -> HTML {
        let isWaiting = lane.waiting?.verdict == "pending"
        let hold = lane.hold.map { hold -> HTML in
            let term = hold == "closed" ? Term("锁定关闭", "held closed") : Term("锁定常开", "held \(hold)")
            return "<span class=\"chip bad\">\(term.html)</span>"
        }
        let fire: HTML = "<span class=\"chip bad\">\(Term("消防开放", "fire release").html)</span>"
        let arm: HTML = "<span class=\"chip\">\(Words.arm(lane.arm).html)</span>"
        return """
            <article class="lane\(isWaiting ? " waits" : "")" data-lane="\(lane.name)" data-phase="\(lane.phase)">
            <h2>\(lane.name) <small>\(Words.kind(lane.kind).html)</small></h2>
            <p class="state"><span class="chip phase">\(Words.phase(lane.phase).html)</span>\
            \(lane.arm.isEmpty ? nil : arm)\(hold)\(lane.isFireLatched ? fire : nil)</p>
            <p class="plate">\(lane.plate ?? "—")</p>
            \(why(lane))
            \(charge(lane, board))
            \(pictures(lane, board))
            \(candidates(board.candidates[lane.name] ?? []))
            <p class="levels">\(lane.levels.map(level))</p>
            \(board.authority < .guard ? nil : buttons(lane))
            </article>
            """
    }

    private func why(_ lane: StatusResult.Lane) -> HTML? {
        guard let waiting = lane.waiting, let reason = waiting.reason else { return nil }
        let verdict = waiting.verdict == "deny" ? Term("已拒绝", "refused") : Term("等待", "waits")
        return """
            <p class="why">\(verdict.html)：<strong>\(Words.reason(reason).html)</strong> <code>\(reason)</code></p>
            """
    }

    private var money: MoneyPart { MoneyPart(session: session, zone: zone, press: press) }

    private func charge(_ lane: StatusResult.Lane, _ board: Board) -> HTML? {
        board.quotes[lane.name].map {
            money.charge(
                lane, $0, board.status.drawer, board.waiting[lane.name],
                mayAct: board.authority >= .guard)
        }
    }

    private func drawer(_ board: Board) -> HTML? {
        board.status.drawer.map { drawer in
            let shown = money.drawer(drawer, mayAct: board.authority >= .guard)
            return "<section>\(heading("收银", "cash"))\(shown)</section>"
        }
    }

    private func pictures(_ lane: StatusResult.Lane, _ board: Board) -> HTML? {
        let waiting = board.waiting[lane.name]
        let last = board.lastRead[lane.name]
        guard lane.kind != "turnstile", lane.kind != "door" else { return nil }
        // One that has gone is not shown as if it stood there.
        let now = waiting?.exit ?? (waiting == nil ? nil : last)
        if waiting?.entry != nil || lane.kind == "exit" {
            let seen = now ?? last
            let caption = now == nil ? Term("最近出场", "last at the exit") : Term("现在出场", "now at the exit")
            let entry = waiting?.entry ?? (now == nil ? lastExit(of: lane, board)?.entry : nil)
            return """
                <div class="pair">\(Page.figure(entry, Term("入场时", "at the entry"), zone))\
                \(Page.figure(seen, caption, zone))</div>
                """
        }
        let caption = now == nil ? Term("最近识别", "last read") : Term("现在", "now")
        return "<div class=\"pair\">\(Page.figure(now ?? last, caption, zone))</div>"
    }

    /// Who that may be, since when, and how it looked when it came in: for whoever compares it with what stands there.
    private func candidates(_ candidates: [Board.Candidate]) -> HTML? {
        guard !candidates.isEmpty else { return nil }
        let entries = candidates.map { one -> HTML in
            let since = one.since.map { Page.stamp($0, zone) } ?? "—"
            return """
                <div data-stay="\(one.stay)"><p><b>\(one.plate ?? "—")</b> <time>\(since)</time> <small>\(one.stay)</small></p>\
                \(Page.figure(one.entry, Term("入场时", "at the entry"), zone))</div>
                """
        }
        return """
            <section class="candidates"><h3>\(Term("可能是", "it may be").html)</h3><div class="pair">\(entries)</div></section>
            """
    }

    /// Of the passage that the lane's last picture shows.
    private func lastExit(of lane: StatusResult.Lane, _ board: Board) -> SightsResult? {
        guard let last = board.lastRead[lane.name] else { return nil }
        return board.passages.first { $0.sights?.exit?.read == last.read }?.sights
    }

    private func level(_ level: StatusResult.Level) -> HTML {
        let state =
            switch level.level {
            case "on": "on"
            case "off": "off"
            default: "doubt"
            }
        return """
            <span class="level \(state)" title="\(level.role) \(level.level)">\(Words.input(level.role).zh) \
            \(state == "on" ? "●" : state == "off" ? "○" : "？")</span>
            """
    }

    private func buttons(_ lane: StatusResult.Lane) -> HTML? {
        let orders = lane.offered
        guard !orders.isEmpty else { return nil }
        let isWalkway = lane.kind == "turnstile" || lane.kind == "door"
        let first = orders.filter { $0 == .confirm || $0 == .refuse || $0 == .open }
        let rare = orders.filter { !first.contains($0) }
        let usual: HTML = """
            <form class="order" method="post" action="/lane">\(Page.marks(session, press()))
            <input type="hidden" name="lane" value="\(lane.name)">
            \(Page.reasons(suggested(lane), without: [.emergency]))
            <div class="buttons">\(first.map { button($0, isWalkway) })</div>
            </form>
            """
        return "\(first.isEmpty ? nil : usual)\(rare.isEmpty ? nil : more(rare, lane))"
    }

    private func button(_ order: OfferedOrder, _ isWalkway: Bool) -> HTML {
        let style = order == .refuse ? "secondary" : "primary"
        guard isWalkway, order == .open else {
            return
                "<button class=\"\(style)\" name=\"action\" value=\"\(order.rawValue)\">\(Words.order(order).html)</button>"
        }
        return """
            <button class="primary" name="action" value="open in">\(Term("放行进入", "Let in").html)</button>\
            <button class="primary" name="action" value="open out">\(Term("放行外出", "Let out").html)</button>
            """
    }

    private func more(_ orders: [OfferedOrder], _ lane: StatusResult.Lane) -> HTML {
        let forms = orders.map { order -> HTML in
            let reason: HTML =
                order == .emergency
                ? "<input type=\"hidden\" name=\"reason\" value=\"\(OperatorReason.emergency.rawValue)\">"
                : Page.reasons(without: [.emergency])
            return """
                <form class="order" method="post" action="/lane">\(Page.marks(session, press()))
                <input type="hidden" name="lane" value="\(lane.name)">\(reason)
                <button class="danger" name="action" value="\(order.rawValue)">\(Words.order(order).html)</button></form>
                """
        }
        return
            "<details><summary>\(Term("更多操作", "more").html)</summary>\(forms)</details>"
    }

    /// Where the situation says why; else the guard does.
    private func suggested(_ lane: StatusResult.Lane) -> OperatorReason? {
        switch lane.waiting?.reason.flatMap(ReasonCode.init) {
        case .confirmNeeded: .visitorVerified
        case .noEntryRecord, .credentialUnreadable: .readError
        default: nil
        }
    }

    // MARK: The rest

    private func passages(_ board: Board) -> HTML {
        guard !board.passages.isEmpty else { return "<p>\(Term("暂无", "none").html)</p>" }
        return "<ol class=\"passages\">\(board.passages.map(passage))</ol>"
    }

    private func passage(_ passage: Board.Passage) -> HTML {
        let fields = passage.line.fields
        let isOut = fields.text("direction") == "out"
        let way = isOut ? Term("出", "out") : Term("进", "in")
        let notes = [
            fields.text("certainty").flatMap(Words.certainty), fields.text("cause").flatMap(Words.cause),
            passage.line.kind == "passageReverse" ? Term("逆行", "against the lane") : nil,
        ].compactMap(\.self).map { "<span class=\"chip\">\($0.html)</span>" as HTML }
        let thumbs = [
            (Term("入场", "entry"), passage.sights?.entry), (Term("出场", "exit"), passage.sights?.exit),
        ]
        .compactMap { term, sight in sight.flatMap { thumb($0, term) } }
        return """
            <li data-record="\(passage.line.sequence)"><time>\(Page.time(passage.line.at.wall, zone))</time> \
            <span class="way \(isOut ? "out" : "in")">\(way.html)</span> \
            <b>\(fields.text("plate") ?? fields.text("card") ?? "—")</b> <span class="where">\(fields.text("lane") ?? "")</span> \
            \(notes)<span class="thumbs">\(thumbs)</span></li>
            """
    }

    private func thumb(_ sight: Sight, _ caption: Term) -> HTML? {
        sight.picture.map { image in
            """
            <a href="/picture/\(image.sha256)"><img src="/picture/\(image.sha256)" alt="\(caption.zh)" title="\(caption.both)" \
            width="64" height="40"></a>
            """
        }
    }

    private func area(_ area: StatusResult.Area) -> HTML {
        guard let capacity = area.capacity else {
            return """
                <p class="area"><b>\(area.name)</b> <span class="number">\(area.inside)</span> \
                \(Term("在场", "inside").html)</p>
                """
        }
        return """
            <p class="area"><b>\(area.name)</b> <span class="number">\(area.free ?? 0)</span> \(Term("空位", "free").html) \
            <small>\(area.inside) / \(capacity)，\(Term("住户预留", "kept for residents").html) \(area.reserve)</small></p>
            """
    }

    private func unmatched(_ board: Board) -> HTML? {
        let count = board.status.unmatchedExits
        guard count > 0 else { return nil }
        return """
            <p class="notice"><a href="/stays">\(Term("\(count) 次出场没有入场记录", "\(count) exits without an entry").html)</a></p>
            """
    }

    private func faults(_ board: Board) -> HTML {
        guard !board.status.faults.isEmpty else {
            return "<p class=\"good\">\(Term("无故障", "no faults").html)</p>"
        }
        let lines = board.status.faults.map { fault -> HTML in
            """
            <li class="\(fault.severity.rawValue)"><b>\(Words.severity(fault.severity).html)</b> \
            \(Words.subject(fault.subject).zh)：\(Words.fault(fault.code).zh) <code>\(fault.code)</code> \
            <time>\(Page.stamp(fault.since, zone))</time><br><small lang="en">\(fault.detail)</small></li>
            """
        }
        return "<ul class=\"faults\">\(lines)</ul>"
    }
}
