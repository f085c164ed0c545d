// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// Lays the records beside what the twins saw: relay edges, cars, places.
struct Reckoning {
    let stage: Stage
    let sales: [Sale]

    /// Prints every comparison; whether all agree.
    func report() throws -> Bool {
        let records = try settledRecords()
        say("\n── 对账 · the records beside what the twins saw (\(records.count) records)")
        var agrees = true
        func line(_ isRight: Bool, _ text: String) {
            agrees = agrees && isRight
            say("\(isRight ? "PASS 一致" : "FAIL 不符")  \(text)")
        }
        for (name, lane) in [("north", stage.site.north), ("south", stage.site.south)] {
            openings(name, lane, records, line)
            holds(name, lane, records, line)
            passages(name, lane, records, line)
            let strikes = lane.with { $0.strikes }
            line(strikes == 0, "\(name): the arm came down on a car \(strikes) times")
        }
        turnstile(records, line)
        let books = Books(stage: stage, sales: sales, records)
        try books.report(line)
        try occupancy(line)
        try cameras(line)
        let verify = try stage.site.gatehouse("verify")
        line(
            verify.isSuccess, "gatehouse verify: \(verify.output.split(separator: "\n").last ?? "no answer")")
        let lapses = records.indices.dropFirst().filter { records[$0].number != records[$0 - 1].number + 1 }
        line(
            lapses.isEmpty && records.first?.number == 1,
            "record numbers without a gap from 1 to \(records.count)")
        try upstream(line)
        books.upstream(line)
        say(agrees ? "Everything agrees. 全部一致。" : "Something does not agree. 有不一致。")
        return agrees
    }

    /// Passages are written within a second of the verdict.
    private func settledRecords() throws -> [TwinRecord] {
        let walked = stage.site.turnstile.with { model, _ in model.unit.passed.count }
        let wanted = crossings(stage.site.north) + crossings(stage.site.south) + walked
        let settled = try? waiting(for: "the last passage to be written", within: .seconds(6)) {
            let records = try stage.site.records()
            return records.count { $0.isPassage } >= wanted ? records : nil
        }
        return try settled ?? stage.site.records()
    }

    private func crossings(_ lane: RelayTwin) -> Int { lane.with { $0.crossings.count } }

    private typealias Line = (Bool, String) -> Void

    private func openings(_ name: String, _ lane: RelayTwin, _ records: [TwinRecord], _ line: Line) {
        let edges = lane.with { $0.openClosings }.map(\.at)
        let commands = commands("open", name, records).filter { $0.text("action") != "off" }
        let ledger = OpeningLedger(
            edges: edges, commands: commands, records: records, killedAt: stage.killedAt)
        let excused = ledger.excused.map { "\($0.number) \($0.why)" }.joined(separator: ", ")
        line(
            ledger.unrecorded.isEmpty,
            "\(name): \(edges.count) closings of the open relay, \(ledger.matched) with their own record"
                + (ledger.unrecorded.isEmpty ? "" : "; \(ledger.unrecorded.count) without"))
        line(
            ledger.unexplained.isEmpty,
            "\(name): \(commands.count) recorded open commands, \(ledger.matched) seen at the relay"
                + (excused.isEmpty ? "" : "; not carried out: \(excused)")
                + (ledger.unexplained.isEmpty ? "" : "; missing at the relay: \(ledger.unexplained)"))
    }

    private func holds(_ name: String, _ lane: RelayTwin, _ records: [TwinRecord], _ line: Line) {
        let (edges, cuts) = lane.with { ($0.holdEdges, $0.cuts) }
        let commands = commands("hold", name, records)
        let ledger = HoldLedger(
            edges: edges, commands: commands, records: records, killedAt: stage.killedAt, cuts: cuts)
        line(
            ledger.unrecorded.isEmpty,
            "\(name): \(edges.count) changes of the hold relay, \(ledger.matched) as recorded"
                + (ledger.unrecorded.isEmpty ? "" : "; \(ledger.unrecorded.count) without"))
        line(
            ledger.unexplained.isEmpty && !commands.isEmpty,
            "\(name): \(commands.count) recorded hold commands followed at the relay"
                + (ledger.unexplained.isEmpty ? "" : "; not followed: \(ledger.unexplained)"))
        // The site leaves lowering to the barrier's controller, so no relay may ever be told to.
        let closes = self.commands("close", name, records)
        line(closes.isEmpty, "\(name): \(closes.count) close commands where no close is wired")
    }

    private func commands(_ output: String, _ name: String, _ records: [TwinRecord]) -> [TwinRecord] {
        records.filter {
            $0.kind == "barrierCommanded" && $0.lane == name && $0.text("output") == output
        }
    }

    private func passages(_ name: String, _ lane: RelayTwin, _ records: [TwinRecord], _ line: Line) {
        let cars = crossings(lane)
        let written = records.filter { $0.isPassage && $0.lane == name }
        var causes = Table<String, Int>()
        for passage in written { causes[passage.text("cause") ?? "?", default: 0] += 1 }
        let listed = causes.inOrder.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        line(
            cars == written.count,
            "\(name): \(cars) cars crossed, \(written.count) passages recorded (\(listed))")
    }

    private func turnstile(_ records: [TwinRecord], _ line: Line) {
        let (releases, passed, refused) = stage.site.turnstile.with { model, _ in
            let unit = model.unit
            let edges = unit.board.edges.filter { $0.isClosed && $0.relay == unit.wiring.releaseIn }
            return (edges.count, unit.passed.count, unit.refused)
        }
        let name = Lobby.name
        let ours = records.filter { $0.lane == name }
        let grants = ours.count { $0.kind == "accessGranted" }
        let denials = ours.count { $0.kind == "accessDenied" }
        let passages = ours.count { $0.isPassage }
        let reads = ours.count { $0.kind == "cardRead" }
        line(
            releases == grants && passed == passages && grants > 0,
            "\(name): \(releases) releases at the relay, \(grants) cards granted; \(passed) people through, "
                + "\(passages) passages recorded")
        line(
            refused == denials && reads == grants + denials && denials > 0,
            "\(name): \(reads) cards read, \(denials) refused; the arm was pushed in vain \(refused) times")
    }

    /// Everything that is on record by now, however long the link was away.
    private func upstream(_ line: Line) throws {
        let records = try stage.site.records()
        let last = records.last?.number ?? 0
        _ = try? waiting(for: "record \(last) upstream", within: .seconds(45)) {
            stage.upstream.last >= last ? true : nil
        }
        let ledger = UpstreamLedger(stage.upstream.lines, records, source: Upstream.source)
        line(
            ledger.agrees && ledger.matched > 0,
            "upstream: \(ledger.matched) of \(records.count) records arrived, in order, each once by its id "
                + "(\(ledger.received - ledger.matched) came again)" + Self.complaints(ledger))
    }

    private static func complaints(_ ledger: UpstreamLedger) -> String {
        let lists = [
            ("missing", ledger.missing.map(String.init)),
            ("out of order", ledger.outOfOrder.map(String.init)),
            ("altered", ledger.altered.map(String.init)), ("strange", ledger.strange),
        ]
        return lists.filter { !$0.1.isEmpty }.map { what, which in
            "; \(which.count) \(what): \(which.prefix(10).joined(separator: ", "))"
        }.joined()
    }

    private func occupancy(_ line: Line) throws {
        let (cameIn, wentOut) = (crossings(stage.site.north), crossings(stage.site.south))
        let inside = try SiteView(stage.site).inside("main")
        let parked = Cast.parked.count
        let left = parked + cameIn - wentOut
        line(
            inside == left,
            "area main: \(parked) booked in + \(cameIn) in − \(wentOut) out = \(left), status says "
                + (inside.map { "\($0)" } ?? "nothing"))
    }

    private func cameras(_ line: Line) throws {
        let answers = stage.site.northCamera.answers + stage.site.southCamera.answers
        let refused = answers.filter { $0.status != 200 }
        let listed = refused.map { "\($0.what) \($0.status.map { "\($0)" } ?? "no answer")" }
        line(
            refused.isEmpty,
            "cameras: \(answers.count) pushes, \(answers.count - refused.count) answered 200"
                + (refused.isEmpty ? "" : ": \(listed.joined(separator: ", "))"))
    }
}
