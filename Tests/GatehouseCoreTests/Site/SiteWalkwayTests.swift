// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// A vehicle lane, a turnstile and a door under one site.
@Suite struct SiteWalkwayTests {
    private enum Board {
        static let turnstile = DeviceID(1)
        static let door = DeviceID(2)
        static let readerIn = DeviceID(3)
        static let readerOut = DeviceID(4)
        static let readerDoor = DeviceID(5)
    }

    private static let lobby = LaneID(1)
    private static let side = LaneID(2)
    private let card: Card
    private let stranger: Card
    private let directory: Directory

    init() throws {
        card = try #require(Card("em40:2A00617A69"))
        stranger = try #require(Card("em40:0F12345678"))
        var builder = DirectoryBuilder()
        try builder.set(Permit(id: 12, credential: .card(card), household: 7, holder: "Wang"))
        directory = try builder.build(asOf: Sequence(1))
    }

    static func plan(withFire: Bool = true) -> SitePlan {
        var plan = SitePlan.bench(.entryWithAll)
        for name in ["board-lobby", "board-side"] {
            plan.devices.append(
                DevicePlan(name: name, profile: "p", driver: "modbus-relay", address: "/dev/\(name)"))
        }
        for name in ["cards-in", "cards-out", "cards-side"] {
            plan.devices.append(
                DevicePlan(name: name, profile: "p", driver: "serial-card", address: "/dev/\(name)"))
        }
        var lobby = WalkwayPlan.turnstile(without: [.alarm, .home])
        lobby.outputs = [.releaseIn, .releaseOut, .holdIn, .holdOut]
        var side = WalkwayPlan.door(without: [.lockFeedback, .tamper])
        side.outputs = [.unlock]
        plan.walkways = [lobby, side]
        for (channel, output) in [LaneOutput.releaseIn, .releaseOut, .holdIn, .holdOut].enumerated() {
            plan.outputs.append(
                OutputWire(terminal: Terminal(Board.turnstile, channel + 1), lane: Self.lobby, output: output)
            )
        }
        plan.outputs.append(OutputWire(terminal: Terminal(Board.door, 1), lane: Self.side, output: .unlock))
        for (channel, input) in [WalkwayInput.passageIn, .passageOut, .exitButton].enumerated() {
            plan.wire(Terminal(Board.turnstile, channel + 1), .walkway(Self.lobby, input))
        }
        for (channel, input) in [WalkwayInput.doorContact, .exitButton].enumerated() {
            plan.wire(Terminal(Board.door, channel + 1), .walkway(Self.side, input))
        }
        if withFire {
            plan.wire(Terminal(Board.turnstile, 4), .fire([LaneID(0), Self.lobby, Self.side]))
            plan.wire(Terminal(Board.turnstile, 5), .fireReset([LaneID(0), Self.lobby, Self.side]))
        }
        plan.readers = [
            ReaderWire(device: Board.readerIn, lane: Self.lobby, direction: .in),
            ReaderWire(device: Board.readerOut, lane: Self.lobby, direction: .out),
            ReaderWire(device: Board.readerDoor, lane: Self.side, direction: .in),
        ]
        return plan
    }

    @Test func `a release of what is only silent is refused, and never answered as done`() {
        var bench = ready()
        bench.level(Terminal(Board.turnstile, 4), .unknown, for: .seconds(6))
        for lane in [bench.site.plan.lanes[0].name, "lobby", "side"] {
            let refusal = bench.order(.release, lane, onSite: true)
            #expect(refusal?.contains("fire_input_unknown") == true, "\(lane): \(refusal ?? "done")")
        }
    }

    private func ready(_ memory: SiteMemory = SiteMemory()) -> SiteBench {
        var bench = SiteBench(Self.plan(), memory, directory: directory)
        Self.settle(&bench)
        return bench
    }

    private static func settle(_ bench: inout SiteBench) {
        for channel in 1...5 { bench.level(Terminal(Board.turnstile, channel), .off, for: .milliseconds(20)) }
        for channel in 1...2 { bench.level(Terminal(Board.door, channel), .off, for: .milliseconds(20)) }
        bench.advance(.seconds(4))
        bench.forget()
    }

    private func present(_ card: Card, at reader: DeviceID, _ bench: inout SiteBench) {
        bench.send(.presented(CardPresented(device: reader, card: card, receivedAt: bench.now.uptime)))
    }

    private static func pulse(_ channel: Int, _ bench: inout SiteBench) {
        bench.level(Terminal(Board.turnstile, channel), .on, for: .milliseconds(120))
        bench.level(Terminal(Board.turnstile, channel), .off, for: .milliseconds(300))
    }

    private static func commands(_ bench: SiteBench) -> [String] {
        bench.effects.compactMap { effect in
            guard case .command(let command) = effect else { return nil }
            let action = command.action == .off ? "off" : command.action == .on ? "on" : "pulse"
            return
                "\(command.output.rawValue) \(action) \(command.terminal.device.index).\(command.terminal.channel)"
        }
    }

    @Test func `a card is read, granted, released and passed, each on record and tied to the other`() throws {
        var bench = ready()
        present(card, at: Board.readerIn, &bench)
        #expect(bench.records.map(\.kind) == ["cardRead", "accessGranted", "barrierCommanded"])
        #expect(Self.commands(bench) == ["release_in pulse 1.1"])
        Self.pulse(1, &bench)
        #expect(bench.records.map(\.kind).last == "passageCompleted")
        let passage = try Fields(try #require(bench.records.last).payload)
        #expect(passage.text("lane") == "lobby")
        #expect(passage.number("decision") == bench.records[1].sequence.number)
        #expect(passage.number("read") == bench.records[0].sequence.number)
        #expect(passage.text("card") == "em40:…7A69")
        let decision = try Fields(bench.records[1].payload)
        #expect(decision.text("reason") == "GRANTED")
        #expect(decision.number("permit") == 12)
        #expect(decision.number("read") == bench.records[0].sequence.number)
        for record in bench.records {
            #expect(!String(decoding: record.payload, as: UTF8.self).contains("617A69"))
        }
    }

    @Test func `a card without permit is refused, but out it goes`() {
        var bench = ready()
        present(stranger, at: Board.readerIn, &bench)
        #expect(bench.records.map(\.kind) == ["cardRead", "accessDenied"])
        #expect(Self.commands(bench) == [])
        present(stranger, at: Board.readerOut, &bench)
        #expect(bench.records.map(\.kind).suffix(2) == ["accessGranted", "barrierCommanded"])
        #expect(Self.commands(bench) == ["release_out pulse 1.2"])
    }

    @Test func `a person opens no stay, counts in no area and moves no barrier`() {
        var bench = ready()
        present(card, at: Board.readerIn, &bench)
        Self.pulse(1, &bench)
        #expect(bench.site.memory.stays.stays.isEmpty)
        #expect(bench.site.memory.stays.count(of: "main").shown == 0)
        #expect(bench.openings == [])
    }

    @Test func `a door unlocks, opens, shuts and locks on its own board`() {
        var bench = ready()
        present(card, at: Board.readerDoor, &bench)
        #expect(Self.commands(bench) == ["unlock on 2.1"])
        bench.level(Terminal(Board.door, 1), .on)
        bench.level(Terminal(Board.door, 1), .off)
        #expect(Self.commands(bench) == ["unlock on 2.1", "unlock off 2.1"])
        #expect(!bench.records.map(\.kind).contains("forcedOpen"))
        #expect(bench.records.map(\.kind).contains("passageCompleted"))
        bench.forget()
        bench.level(Terminal(Board.door, 1), .on)
        #expect(bench.records.map(\.kind).contains("forcedOpen"))
    }

    @Test
    func `H-27 one fire contact releases vehicles and people alike, and one reset on site ends it for all`() {
        var bench = ready()
        bench.level(Terminal(Board.turnstile, 4), .on)
        let commands = Self.commands(bench)
        #expect(commands.contains("hold_in on 1.3") && commands.contains("hold_out on 1.4"))
        #expect(commands.contains("unlock on 2.1"))
        #expect(bench.site.memory.lanes["lobby"]?.isFireLatched == true)
        #expect(bench.site.memory.lanes["side"]?.isFireLatched == true)
        bench.forget()
        present(stranger, at: Board.readerIn, &bench)
        #expect(bench.records.map(\.kind) == ["cardRead", "accessGranted"])
        bench.level(Terminal(Board.turnstile, 4), .off, for: .milliseconds(2100))
        bench.level(Terminal(Board.turnstile, 5), .on)
        #expect(bench.site.memory.lanes["lobby"]?.isFireLatched == false)
        #expect(Self.commands(bench).contains("hold_in off 1.3"))
        #expect(Self.commands(bench).contains("unlock off 2.1"))
    }

    @Test func `orders find people's lanes by name, and say what does not fit`() {
        var bench = ready()
        #expect(bench.order(.open, "lobby") == nil)
        #expect(Self.commands(bench) == ["release_in pulse 1.1"])
        #expect(bench.order(.close, "lobby")?.contains("not_at_a_turnstile") == true)
        #expect(bench.order(.holdClosed(until: nil), "side")?.contains("not_at_a_door") == true)
        #expect(bench.order(.open, "nowhere")?.contains("no lane nowhere") == true)
        bench.advance(.seconds(10))
        #expect(bench.order(.holdClosed(until: nil), "lobby") == nil)
        bench.forget()
        present(card, at: Board.readerIn, &bench)
        #expect(bench.records.map(\.kind) == ["cardRead", "accessDenied"])
        present(card, at: Board.readerOut, &bench)
        #expect(bench.records.map(\.kind).last == "barrierCommanded")
    }

    @Test func `what is remembered equals what the journal folds, and stands after a restart`() throws {
        var bench = ready()
        let before = bench.site.memory
        var folded = before
        _ = bench.order(.holdOpen(until: nil), "lobby")
        present(card, at: Board.readerDoor, &bench)
        for record in bench.records {
            _ = try folded.fold(StoredRecord(record))
        }
        #expect(folded == bench.site.memory)
        #expect(folded.lanes["side"]?.unfinishedGrant?.decision.card == "em40:…7A69")
        var again = SiteBench(Self.plan(), folded, directory: directory)
        #expect(Self.commands(again).contains("hold_in on 1.3"))
        #expect(!Self.commands(again).contains("hold_in off 1.3"))
        Self.settle(&again)
        #expect(again.site.status(at: again.now).lanes.map(\.phase).suffix(2) == ["free", "secured"])
        #expect(again.site.memory.lanes["side"]?.unfinishedGrant == nil)
    }

    @Test func `status names kind, phase, levels and hold of people's lanes`() {
        var bench = ready()
        _ = bench.order(.holdOpen(until: nil), "lobby")
        let lines = bench.site.status(at: bench.now).lanes
        #expect(lines.map(\.kind) == ["entry", "turnstile", "door"])
        #expect(lines[1].phase == "free" && lines[1].hold == "open" && lines[1].arm == "")
        #expect(lines[1].levels.map(\.role) == ["passage_in", "passage_out", "exit_button"])
        #expect(lines[2].levels.map(\.level) == ["off", "off"])
    }

    @Test func `a reader's lost line is a fault of its lane until it is back`() {
        var bench = ready()
        bench.send(
            .device(Board.readerIn, .faultRaised(code: "line_lost", severity: .critical, detail: "gone")))
        #expect(bench.site.memory.faults.keysInOrder.contains("lane lobby/reader_lost"))
        bench.send(.device(Board.readerIn, .faultCleared(code: "line_lost")))
        #expect(!bench.site.memory.faults.keysInOrder.contains("lane lobby/reader_lost"))
    }

    @Test
    func `a reload that leaves them as they are does not disturb them, another starts them by their inputs`()
    {
        var bench = ready()
        present(card, at: Board.readerIn, &bench)
        bench.reload(Self.plan())
        #expect(bench.site.walkways[0].phaseName == "released in")
        var moved = Self.plan()
        moved.readers.removeLast()
        moved.walkways[0].timers.unitTimeout = .seconds(9)
        bench.reload(moved)
        #expect(bench.site.walkways.map(\.phaseName) == ["starting", "starting"])
        bench.advance(.seconds(4))
        bench.forget()
        #expect(bench.site.walkways[0].phaseName == "locked")
        #expect(bench.site.walkways[1].phaseName == "secured")
        present(card, at: Board.readerDoor, &bench)
        #expect(bench.records.allSatisfy { $0.kind != "accessGranted" })
    }

    @Test func `a plan without them forgets their timers and their faults`() {
        var bench = ready()
        present(card, at: Board.readerIn, &bench)
        bench.send(.device(Board.turnstile, .faultRaised(code: "x", severity: .critical, detail: "d")))
        bench.reload(.bench(.entryWithAll))
        bench.advance(.seconds(60))
        #expect(bench.site.memory.faults.keysInOrder.allSatisfy { !$0.contains("lobby") })
    }
}
