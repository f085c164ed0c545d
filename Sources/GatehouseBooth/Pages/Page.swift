// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// The frame of every page. No script and no style stands in it: the policy of the pages forbids both.
enum Page {
    static func whole(
        _ title: String, site: String, session: Sessions.Session? = nil, isLive: Bool = false, _ body: HTML
    ) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · \(site)</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/booth.css">
        <script src="/booth.js" defer></script>
        \(isLive ? "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>" : nil)
        </head>
        <body>
        <header>
        <a class="site" href="/">\(site)</a>
        \(session.map(navigation))
        </header>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    private static func navigation(_ session: Sessions.Session) -> HTML {
        """
        <nav><a href="/">\(Term("现场", "live").html)</a> <a href="/stays">\(Term("在场车辆", "stays").html)</a></nav>
        <form class="who" method="post" action="/logout"><input type="hidden" name="csrf" value="\(session.csrf)">
        <span>\(session.name)</span> <button class="plain">\(Term("退出", "log out").html)</button></form>
        """
    }

    static func login(site: String, said: String? = nil) -> HTML {
        whole(
            "登录", site: site,
            """
            <form class="login" method="post" action="/login">
            <h1>\(Term("岗亭登录", "Guard's page").html)</h1>
            \(said.map { "<p class=\"said bad\" role=\"alert\">\($0)</p>" as HTML })
            <label>\(Term("姓名", "name").html)<input name="name" autocomplete="username" required maxlength="64"></label>
            <label>\(Term("密码", "password").html)<input name="password" type="password" autocomplete="current-password" \
            required maxlength="200"></label>
            <button>\(Term("登录", "log in").html)</button>
            </form>
            """)
    }

    static func message(_ text: String, site: String) -> HTML {
        whole(
            "岗亭", site: site,
            "<p class=\"said bad\">\(text)</p><p><a href=\"/\">\(Term("返回", "back").html)</a></p>")
    }

    /// The reasons that a person may give; one of them chosen where the situation says which.
    static func reasons(_ chosen: OperatorReason? = nil, without: [OperatorReason] = []) -> HTML {
        let options = OperatorReason.allCases.filter { !without.contains($0) }.map { reason -> HTML in
            let mark: HTML = reason == chosen ? " selected" : ""
            return "<option value=\"\(reason.rawValue)\"\(mark)>\(Words.operatorReason(reason).both)</option>"
        }
        let none: HTML = chosen == nil ? "<option value=\"\">\(Term("选择原因", "reason").both)</option>" : ""
        return """
            <label class="reason">\(Term("原因", "reason").html)<select name="reason" required>\(none)\(options)</select></label>
            <label class="note">\(Term("说明", "note").html)<input name="note" maxlength="200"></label>
            """
    }

    /// The largest picture that a sight has, with what was read.
    static func figure(_ sight: Sight?, _ caption: Term, _ zone: ZoneRules) -> HTML {
        guard let sight else {
            return """
                <figure class="none"><figcaption>\(caption.html)</figcaption><p>\(Term("无图", "no picture").html)</p></figure>
                """
        }
        let picture = sight.picture.map { image -> HTML in
            """
            <a href="/picture/\(image.sha256)"><img src="/picture/\(image.sha256)" alt="\(caption.zh) \(sight.plate ?? "")" \
            width="320" height="200"></a>
            """
        }
        return """
            <figure><figcaption>\(caption.html) <b>\(sight.plate ?? "—")</b> <time>\(time(sight.at, zone))</time></figcaption>\
            \(picture ?? "<p>\(Term("无图", "no picture").html)</p>")</figure>
            """
    }

    static func time(_ wall: WallTime, _ zone: ZoneRules) -> String {
        String(WatchLine.clock(wall, zone).prefix(8))
    }

    static func stamp(_ wall: WallTime, _ zone: ZoneRules) -> String {
        "\(zone.civil(wall).date.text) \(time(wall, zone))"
    }

    /// What every form carries.
    static func marks(_ session: Sessions.Session, _ press: String) -> HTML {
        """
        <input type="hidden" name="csrf" value="\(session.csrf)"><input type="hidden" name="press" value="\(press)">
        """
    }
}

extension Sight {
    /// The one that shows most.
    var picture: ImageReference? {
        images.first { $0.role == "overview" || $0.role == "vehicle" } ?? images.first
    }
}
