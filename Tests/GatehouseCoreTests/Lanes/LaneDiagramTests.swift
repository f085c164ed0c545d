// SPDX-License-Identifier: Apache-2.0
import GatehouseCore
import Testing

/// The drawings of lanes.md §6.1 as they stand: `#` on, `.` off, one character 250 ms.
struct Diagram: CustomTestStringConvertible, Sendable {
    var name: String
    var rows: String
    /// Plates read, by the character at whose end they come.
    var reads: [Int: UInt64] = [:]
    /// The arm was raised by a fob before.
    var isOpenedByFob = false
    var expected: [String]

    var testDescription: String { name }

    /// Levels of P, S and C, and how long the drawing is.
    var levels: [(LaneInput, [Level])] {
        rows.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            let input: LaneInput? =
                switch parts.first {
                case "P": .presence
                case "S": .safety(0)
                case "C": .clear
                default: nil
                }
            guard let input, let drawing = parts.last else { return nil }
            return (input, drawing.map { $0 == "#" ? Level.on : .off })
        }
    }

    func run(on plan: LanePlan) -> [String] {
        var lane = LaneHarness.ready(plan)
        var isUp = isOpenedByFob
        if isUp { lane.raise() }
        lane.forget()
        let length = levels.map { $0.1.count }.max() ?? 0
        for step in 0..<length {
            for (input, row) in levels {
                let level = step < row.count ? row[step] : .off
                let before = step == 0 ? Level.off : step - 1 < row.count ? row[step - 1] : .off
                if level != before { lane.set(input, level) }
            }
            for tenth in 0..<10 {
                lane.advance(.milliseconds(25))
                if tenth == 4, let plate = reads[step] { lane.read(plate) }
                follow(&lane, &isUp)
            }
        }
        for (input, row) in levels where row.last == .on { lane.set(input, .off) }
        for _ in 0..<400 {
            lane.advance(.milliseconds(50))
            follow(&lane, &isUp)
        }
        return Diagram.verdicts(lane.effects)
    }

    /// A quick arm.
    private func follow(_ lane: inout LaneHarness, _ isUp: inout Bool) {
        if lane.phase == .opening && !isUp {
            lane.set(.limitDown, .off)
            lane.set(.limitUp, .on)
            isUp = true
        }
        if lane.phase == .closing && isUp {
            lane.set(.limitUp, .off)
            lane.set(.limitDown, .on)
            isUp = false
        }
    }

    static func verdicts(_ effects: [LaneEffect]) -> [String] {
        effects.compactMap { effect in
            switch effect {
            case .record(.passage(let passage)):
                if passage.isReverse { return "reverse" }
                if passage.flags.contains("tailgate") { return "tailgate" }
                return (["crossed"] + passage.flags).joined(separator: " ")
            case .record(.note(let note)):
                switch note.kind {
                case .turnedBack, .notPassed, .undetermined, .wrongWayApproach, .tailgated, .zoneOccupied:
                    return note.kind.rawValue
                default: return nil
                }
            default: return nil
            }
        }
    }

    static let all: [Diagram] = [
        Diagram(
            name: "normal",
            rows: """
                P ####....
                S ..####..
                C ....####
                """, reads: [0: 1], expected: ["crossed"]),
        Diagram(
            name: "turned back",
            rows: """
                P ########....
                S ............
                C ............
                """, reads: [0: 1], expected: ["turnedBack"]),
        Diagram(
            name: "reversed off safety",
            rows: """
                P ##########....
                S ...####.......
                C ..............
                """, reads: [0: 1], expected: ["turnedBack"]),
        Diagram(
            name: "tailgate, short gap",
            rows: """
                P ####.####.....
                S ..####.####...
                C ....####.####.
                """, reads: [0: 1], expected: ["crossed", "tailgated", "tailgate"]),
        Diagram(
            name: "bumper to bumper, the second granted",
            rows: """
                P ####.#####....
                S ..####.####...
                C ....####.####.
                """, reads: [0: 1, 5: 2], expected: ["crossed", "crossed"]),
        Diagram(
            name: "two cars, one safety",
            rows: """
                P ###.###.....
                S ..#######...
                C ....###.###.
                """, reads: [0: 1], expected: ["crossed", "tailgated", "tailgate"]),
        Diagram(
            name: "trailer",
            rows: """
                P #########........
                S ..####.###.......
                C .....#######.....
                """, reads: [0: 1], expected: ["crossed"]),
        Diagram(
            name: "motorcycle unseen by safety",
            rows: """
                P ###.......
                S ..........
                C ....##....
                """, reads: [0: 1], expected: ["crossed safety_missed"]),
        Diagram(
            name: "wrong way",
            rows: """
                P .....####
                S ..####...
                C ####.....
                """, isOpenedByFob: true, expected: ["reverse"]),
        Diagram(
            name: "wrong way, backs off",
            rows: """
                P ..........
                S ...###....
                C .#####.###
                """, isOpenedByFob: true, expected: ["wrongWayApproach"]),
    ]
}

struct LaneDiagramTests {
    @Test(arguments: Diagram.all)
    func `each drawing gives its verdict`(_ diagram: Diagram) {
        #expect(diagram.run(on: .entryWithAll) == diagram.expected)
    }

    @Test(arguments: [0, 3, 4, 6, 8])
    func `a lane whose controller closes counts the same`(_ index: Int) {
        #expect(Diagram.all[index].run(on: .controlled()) == Diagram.all[index].expected)
    }

    @Test func `without a clear loop presence must fall while safety is on`() {
        let plan = LanePlan.entryWithAll.with { $0.clear = nil }
        let normal = Diagram(name: "", rows: "P ####....\nS ..####..", reads: [0: 1], expected: [])
        #expect(normal.run(on: plan) == ["crossed"])
        let backed = Diagram(
            name: "", rows: "P ##########....\nS ...####.......", reads: [0: 1], expected: [])
        #expect(backed.run(on: plan) == ["turnedBack"])
    }

    @Test func `another plate after an undetermined crossing says that the first has gone`() {
        let plan = LanePlan.entryWithAll.with { $0.clear = nil }
        let queue = Diagram(
            name: "", rows: "P ###################......\nS ..####.........####.......",
            reads: [0: 1, 11: 2],
            expected: [])
        #expect(queue.run(on: plan) == ["crossed review", "crossed"])
    }

    @Test func `safety rising again with the same plate is still the first vehicle`() {
        let plan = LanePlan.entryWithAll.with { $0.clear = nil }
        let again = Diagram(
            name: "", rows: "P #############......\nS ..####.....####....", reads: [0: 1, 9: 1], expected: [])
        #expect(again.run(on: plan) == ["crossed"])
    }

    @Test func `what was read before safety rose does not say that the first vehicle is still there`() {
        let plan = LanePlan.entryWithAll.with { $0.clear = nil }
        let unread = Diagram(
            name: "", rows: "P #############......\nS ..####.....####....", reads: [0: 1, 1: 1], expected: [])
        #expect(unread.run(on: plan).first == "crossed review")
    }

    @Test func `safety alone counts one on of at least min_cross`() {
        let plan = LanePlan.entryWithAll.with {
            $0.clear = nil
            $0.presence = nil
        }
        var lane = LaneHarness.ready(plan)
        lane.read()
        lane.advance(.seconds(1))
        lane.raise()
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(300))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(2))
        #expect(lane.passages.isEmpty)
        #expect(lane.phase == .open, "its grant is unused")
        lane.set(.safety(0), .on)
        lane.advance(.milliseconds(700))
        lane.set(.safety(0), .off)
        lane.advance(.seconds(2))
        #expect(lane.passages.map(\.certainty) == [.single])
    }

    @Test func `a passage carries its request, plate and both instants`() throws {
        var lane = LaneHarness.at(.open)
        let rose = lane.now.wall
        lane.passThrough()
        lane.advance(.milliseconds(400))
        let passage = try #require(lane.passages.first)
        #expect(passage.request == RequestID(1))
        #expect(passage.reading?.plate == LaneHarness.plate(1))
        #expect(passage.cause == .granted)
        #expect(passage.startedAt - rose == .milliseconds(60))
        #expect(passage.passedAt - rose == .milliseconds(1400))
    }
}
