// SPDX-License-Identifier: Apache-2.0

import GatehouseDiagnostics

@testable import GatehouseCore

/// A journal in memory, written with the real facts so that a changed key fails here.
struct MadeUpJournal {
    private(set) var records: [StoredRecord] = []
    /// 2026-03-02 07:31:00 in Shanghai.
    private var wall = WallTime(milliseconds: 1_772_407_860_000)

    mutating func wait(_ duration: Duration) { wall = wall + duration }

    @discardableResult
    mutating func add(_ fact: Fact) -> Sequence {
        let sequence = Sequence(Int64(records.count) + 1)
        records.append(
            StoredRecord(
                sequence: sequence, kind: fact.kind, format: 1,
                at: Moment(uptime: Uptime(nanoseconds: wall.milliseconds * 1000), wall: wall), boot: "b",
                payload: fact.payload))
        return sequence
    }

    /// A record as an earlier version may have written it.
    @discardableResult
    mutating func add(_ kind: String, _ json: String) -> Sequence {
        let sequence = add(.processStopped)
        records[records.count - 1].kind = kind
        records[records.count - 1].payload = Array(json.utf8)
        return sequence
    }

    mutating func deletePayload(of sequence: Sequence) {
        records[Int(sequence.number) - 1].payload = nil
    }

    func explain(_ sequence: Sequence) -> Explanation? {
        let all = records
        let source = RecordSource<Never>(
            record: { sequence in
                all.indices.contains(Int(sequence.number) - 1) ? all[Int(sequence.number) - 1] : nil
            },
            after: { sequence, limit in Array(all.drop { $0.sequence <= sequence }.prefix(limit)) },
            money: { sequence, limit in
                let money = all.filter { MoneyFact.kinds.contains($0.kind) }
                return Array(money.drop { $0.sequence <= sequence }.prefix(limit))
            })
        return Explanation(of: sequence, from: source)
    }

    // MARK: Facts

    static func read(
        _ text: String, lane: String = "north", confidence: Int = 96, isKnown: Bool = true
    ) -> Fact {
        .plateRead(
            PlateReadFact(
                lane: lane, camera: "camera-\(lane)",
                reading: PlateReading(
                    plate: Plate(text), raw: text, color: .green, kind: .nevSmall, isRegular: true),
                confidence: confidence, direction: .approach, capturedAt: nil, clockOffset: nil, isLive: true,
                isFresh: true, isKnown: isKnown, duplicateKey: nil, openedByCamera: false,
                images: [
                    ImageReference(role: "plate", bytes: 10, sha256: String(repeating: "ab", count: 32))
                ],
                arrivalMicroseconds: 1_540))
    }

    static func decided(
        _ verdict: Decision.Verdict, _ reason: ReasonCode, rule: Int, plate: String? = nil,
        lane: String = "north",
        direction: TravelDirection = .in, read: Sequence?, others: [Sequence] = [], permit: Int64? = nil,
        stay: StayID? = nil, candidates: [Decision.Candidate] = [], steps: [Decision.Step] = []
    ) -> Fact {
        .decided(
            DecisionFact(
                lane: lane, direction: direction, isPresenceConfirmed: true, read: read, raw: plate,
                confidence: 96, otherReads: others,
                decision: Decision(
                    verdict: verdict, reason: reason, rule: rule, plate: plate.flatMap { Plate($0) },
                    permit: permit, stay: stay, candidates: candidates, steps: steps)))
    }

    static func opened(
        for decision: Sequence?, cause: CommandCause = .grant(RequestID(1)), lane: String = "north"
    ) -> Fact {
        .barrierCommanded(
            BarrierCommandFact(
                lane: lane, output: .open, action: .pulse(.milliseconds(500)), commandClass: .grant,
                cause: cause,
                decision: decision, life: .seconds(3)))
    }

    static func performed(_ command: Sequence, _ outcome: String = "confirmed", lane: String = "north")
        -> Fact
    {
        .commandPerformed(
            lane: lane,
            CommandTrace(
                command: DeviceCommand(
                    id: DeviceCommand.ID(1), lane: LaneID(0), output: .open,
                    terminal: Terminal(DeviceID(0), 1),
                    action: .pulse(.milliseconds(500)), commandClass: .grant, expires: nil, record: command,
                    cause: "grant"),
                outcome: outcome, heldMicroseconds: 12_340,
                writtenMicroseconds: outcome == "confirmed" ? 14_100 : nil,
                confirmedMicroseconds: outcome == "confirmed" ? 29_000 : nil))
    }

    static func passed(_ decision: Sequence?, _ plate: String, lane: String = "north") -> Fact {
        .passage(
            PassageFact(
                lane: lane,
                passage: Passage(
                    direction: .in, certainty: .confirmed, cause: .granted,
                    reading: PlateReading(plate: Plate(plate), raw: plate), flags: ["tailgate"],
                    startedAt: WallTime(milliseconds: 1_772_407_866_000),
                    passedAt: WallTime(milliseconds: 1_772_407_869_000)),
                decision: decision))
    }

    static func stay(_ plate: String, lane: String = "north") -> Fact {
        .stay(
            .opened(
                StayOpening(
                    area: "main", lane: lane, plate: Plate(plate), reading: nil,
                    holder: StayHolder(.permit, permit: 3),
                    recognisedAt: WallTime(milliseconds: 1_772_407_860_000),
                    passedAt: WallTime(milliseconds: 1_772_407_869_000))))
    }

    static func note(
        _ kind: LaneNoteKind, why: String? = nil, by: Operator? = nil, decision: Sequence? = nil
    ) -> Fact {
        .laneNote(lane: "north", LaneNote(kind, by: by, why: why), decision: decision)
    }
}
