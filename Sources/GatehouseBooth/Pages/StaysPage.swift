// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// What does not add up, who is inside, and the repairs that a guard may make.
struct StaysPage {
    /// Stays on one page; a search finds the others.
    static let maximum = 50

    var session: Sessions.Session
    var zone: ZoneRules
    var press: () -> String
    var mayRepair: Bool

    /// - Parameter sights: of the exits and of the stays that they may belong to, by record.
    func whole(
        _ result: StayListResult, areas: [StatusResult.Area], search: String, site: String, said: String?,
        sights: [Int64: SightsResult]
    ) -> HTML {
        let wanted = result.stays.filter { Self.matches($0, search) }
        let odd = wanted.filter { $0.state != .open || $0.plate == nil || $0.plate?.isTemporaryCode == true }
        let other = wanted.filter { stay in !odd.contains { $0.id == stay.id } }
        let shown = (odd + other).prefix(Self.maximum)
        let rest = wanted.count - shown.count
        return Page.whole(
            "在场车辆", site: site, session: session,
            """
            <p id="said" class="said" role="status"\(said == nil ? " hidden" : nil)>\(said ?? "")</p>
            \(result.unmatchedExits.isEmpty ? nil : unmatched(result.unmatchedExits, sights))
            <section><h2>\(Term("在场车辆", "stays").html) <small>\(result.stays.count)</small></h2>
            <form class="search" method="get" action="/stays"><input name="q" value="\(search)" maxlength="32" \
            aria-label="车牌 plate"><button>\(Term("查找车牌", "find a plate").html)</button></form>
            <ol class="stays">\(shown.map(stay))</ol>
            \(rest > 0 ? "<p>\(Term("另有 \(rest) 辆，请查找", "\(rest) more: search").html)</p>" : nil)
            </section>
            \(mayRepair ? recounts(areas) : nil)
            """)
    }

    static func matches(_ stay: Stay, _ search: String) -> Bool {
        guard !search.isEmpty else { return true }
        let wanted = search.uppercased()
        let texts = [stay.plate?.text, stay.opening.reading?.plate?.text, String(stay.id.number)]
        return texts.compactMap(\.self).contains { $0.uppercased().contains(wanted) }
    }

    private func unmatched(_ exits: [UnmatchedExitLine], _ sights: [Int64: SightsResult]) -> HTML {
        let items = exits.suffix(Self.maximum).reversed().map { exit -> HTML in
            let passed = exit.exit.exit.passedAt
            let candidates = exit.candidates.prefix(4).map { candidate(of: exit, $0, sights) }
            return """
                <li><p><b>\(exit.exit.plate?.text ?? "—")</b> <time>\(Page.stamp(passed, zone))</time> \
                \(exit.exit.area) <small>\(exit.record)</small></p>
                \(candidates.isEmpty ? Page.figure(sights[exit.record]?.exit, Term("出场时", "at the exit"), zone) : nil)
                \(candidates)</li>
                """
        }
        return """
            <section><h2>\(Term("没有入场记录的出场", "exits without an entry").html)</h2><ol class="stays">\(items)</ol></section>
            """
    }

    private func candidate(
        of exit: UnmatchedExitLine, _ candidate: UnmatchedExitLine.Candidate, _ sights: [Int64: SightsResult]
    ) -> HTML {
        let entry = sights[candidate.stay]?.entry
        return """
            <div class="pair">\(Page.figure(entry, Term("入场时", "at the entry"), zone))\
            \(Page.figure(sights[exit.record]?.exit, Term("出场时", "at the exit"), zone))</div>
            \(mayRepair ? form(
                "match", stay: candidate.stay,
                """
                <input type="hidden" name="with" value="\(exit.record)">\(Page.reasons(.readError, without: [.emergency]))
                <button class="primary">\(Term("就是 \(candidate.plate)", "it is \(candidate.plate)").html)</button>
                """) : nil)
            """
    }

    private func stay(_ stay: Stay) -> HTML {
        let number = stay.id.number
        let repairs: HTML = """
            <details><summary>\(Term("更正", "repair").html)</summary>
            \(form(
                stay.plate?.isTemporaryCode == false ? "correct" : "claim", stay: number,
                """
                <label>\(Term("正确车牌", "its plate").html)<input name="plate" required maxlength="16"></label>
                \(Page.reasons(.readError, without: [.emergency]))
                <button class="primary">\(Term("更正车牌", "correct the plate").html)</button>
                """))
            \(form(
                "close", stay: number,
                """
                \(Page.reasons(without: [.emergency]))
                <button class="danger">\(Term("结束停留", "end the stay").html)</button>
                """))
            </details>
            """
        let state: HTML =
            stay.state == .open ? "" : "<span class=\"chip bad\">\(Words.stayState(stay.state).html)</span>"
        return """
            <li data-stay="\(number)"><p><b>\(stay.plate?.text ?? "—")</b> \
            <time>\(Page.stamp(stay.opening.recognisedAt, zone))</time> \(stay.opening.area) \(state) \
            <small>\(number)</small></p>\(mayRepair ? repairs : nil)</li>
            """
    }

    private func recounts(_ areas: [StatusResult.Area]) -> HTML {
        let forms = areas.map { area -> HTML in
            """
            <form class="order" method="post" action="/recount">\(Page.marks(session, press()))
            <input type="hidden" name="area" value="\(area.name)">
            <label>\(area.name)：\(Term("清点车数", "cars counted").html)<input name="cars" type="number" min="0" \
            max="1000000" value="\(area.inside)" required></label>
            \(Page.reasons(without: [.emergency]))
            <button class="secondary">\(Term("修正在场数", "set the count").html)</button></form>
            """
        }
        return "<section><h2>\(Term("清点", "recount").html)</h2>\(forms)</section>"
    }

    private func form(_ action: String, stay: Int64, _ content: HTML) -> HTML {
        """
        <form class="order" method="post" action="/stay">\(Page.marks(session, press()))
        <input type="hidden" name="action" value="\(action)"><input type="hidden" name="stay" value="\(stay)">\(content)</form>
        """
    }
}
