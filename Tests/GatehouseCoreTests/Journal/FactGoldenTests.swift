// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseCore
import Testing

private let plate = PlateGrammar.parse("沪A2K605", color: .blue, declared: .unknown)
private let wall = WallTime(milliseconds: 1_772_411_415_482)
private let wang = Operator(channel: "socket", name: "wang")

/// A fact with the kind and the payload that upstream and the hash chain know it by.
struct Golden: Sendable, CustomTestStringConvertible {
    var fact: Fact
    var kind: String
    var payload: String

    init(_ fact: Fact, _ kind: String, _ payload: String) {
        self.fact = fact
        self.kind = kind
        self.payload = payload
    }

    var testDescription: String { kind }
}

private func trace(_ outcome: String, written: Int64?) -> CommandTrace {
    let command = DeviceCommand(
        id: DeviceCommand.ID(4), lane: LaneID(0), output: .open, terminal: Terminal(DeviceID(0), 1),
        action: .pulse(.milliseconds(500)), commandClass: .grant, expires: nil, record: Sequence(10),
        cause: "grant")
    return CommandTrace(
        command: command, outcome: outcome, heldMicroseconds: 2964, writtenMicroseconds: written,
        confirmedMicroseconds: nil)
}

private let decision = Decision(
    verdict: .grant, reason: .permitVehicle, rule: 18, flags: [.fuzzyMatch], plate: plate.plate, permit: 7,
    household: 3, isHousehold: true,
    candidates: [Decision.Candidate(plate: Plate(packed: 0), distance: 4, source: "permit", reference: 7)],
    steps: [Decision.Step(rule: 0, answer: "fire: none")], daysLeft: 12)

private let goldens: [Golden] = [
    Golden(
        .processStarted(ProcessStart(version: "1", planHash: "ab", wasClean: true, isNewBoot: false)),
        "processStarted", #"{"version":"1","plan":"ab","clean":true,"new_boot":false}"#),
    Golden(.processStopped, "processStopped", "{}"),
    Golden(.planLoaded(hash: "cd"), "planLoaded", #"{"plan":"cd"}"#),
    Golden(.clockStepped(milliseconds: -3000), "clockStepped", #"{"step_ms":-3000}"#),
    Golden(
        .plateRead(
            PlateReadFact(
                lane: "north", camera: "camera-north", reading: plate, confidence: 97, direction: .approach,
                capturedAt: wall, clockOffset: .milliseconds(-4), isLive: true, isFresh: true, isKnown: false,
                duplicateKey: "k", openedByCamera: false,
                images: [ImageReference(role: "plate", bytes: 4, sha256: "aa")], arrivalMicroseconds: 444,
                original: "沪A2K6O5", typeCode: "92TypeCivil")),
        "plateRead",
        #"{"lane":"north","camera":"camera-north","plate":"沪A2K605","raw":"沪A2K605","#
            + #""original":"沪A2K6O5","color":"blue","type":"smallCivil","type_code":"92TypeCivil","confidence":97,"direction":"approach","captured_ms":1772411415482,"#
            + #""clock_offset_ms":-4,"live":true,"fresh":true,"known":false,"key":"k","arrival_us":444,"#
            + #""images":[{"role":"plate","bytes":4,"sha256":"aa"}]}"#),
    Golden(
        .decided(
            DecisionFact(
                lane: "north", direction: .in, isPresenceConfirmed: true, read: Sequence(8), raw: "沪A2K605",
                confidence: 97, otherReads: [Sequence(6)], decision: decision)),
        "accessGranted",
        #"{"lane":"north","direction":"in","presence":"confirmed","read":8,"raw":"沪A2K605","confidence":97,"#
            + #""other_reads":[6],"reason":"PERMIT_VEHICLE","rule":18,"flags":["FUZZY_MATCH"],"#
            + #""plate":"沪A2K605","permit":7,"household":3,"is_household":true,"days_left":12,"#
            + #""candidates":[{"plate":"","distance":4,"source":"permit","reference":7}],"#
            + #""steps":[{"rule":0,"answer":"fire: none"}]}"#),
    Golden(
        .laneNote(
            lane: "north", LaneNote(.holdStarted, by: wang, until: wall, why: "TEST", flags: ["open"]),
            decision: nil),
        "holdStarted",
        #"{"lane":"north","by":{"channel":"socket","name":"wang"},"until_ms":1772411415482,"why":"TEST","#
            + #""flags":["open"]}"#),
    Golden(
        .barrierCommanded(
            BarrierCommandFact(
                lane: "north", output: .open, action: .pulse(.milliseconds(500)), commandClass: .grant,
                cause: .grant(RequestID(1)), decision: Sequence(9), life: .seconds(3))),
        "barrierCommanded",
        #"{"lane":"north","output":"open","action":"pulse","pulse_ms":500,"class":"grant","cause":"grant","#
            + #""decision":9,"life_ms":3000}"#),
    Golden(
        .commandPerformed(lane: "north", trace("confirmed", written: 3128)), "commandPerformed",
        #"{"lane":"north","command":10,"output":"open","outcome":"confirmed","held_us":2964,"written_us":3128}"#
    ),
    Golden(
        .passage(
            PassageFact(
                lane: "north",
                passage: Passage(
                    direction: .in, certainty: .confirmed, cause: .granted, reading: plate, read: Sequence(8),
                    flags: ["review"], recognisedAt: wall, startedAt: wall, passedAt: wall),
                decision: Sequence(9))),
        "passageCompleted",
        #"{"lane":"north","direction":"in","certainty":"confirmed","cause":"granted","decision":9,"#
            + #""plate":"沪A2K605","read":8,"flags":["review"],"recognised_ms":1772411415482,"#
            + #""started_ms":1772411415482,"passed_ms":1772411415482}"#),
    Golden(
        .cardRead(
            CardReadFact(
                lane: "lobby", reader: "cards-in", card: "em40:…7A69", direction: .in, isKnown: true,
                arrivalMicroseconds: 1540)),
        "cardRead",
        #"{"lane":"lobby","reader":"cards-in","card":"em40:…7A69","direction":"in","known":true,"#
            + #""arrival_us":1540}"#),
    Golden(
        .faultRaised(
            FaultRow(subject: "lane north", code: "arm_stuck", severity: .critical, detail: "d", since: wall)),
        "faultRaised",
        #"{"subject":"lane north","code":"arm_stuck","severity":"critical","detail":"d","#
            + #""since_ms":1772411415482}"#),
    Golden(
        .faultCleared(
            FaultRow(subject: "lane north", code: "arm_stuck", severity: .critical, detail: "d", since: wall)),
        "faultCleared",
        #"{"subject":"lane north","code":"arm_stuck","severity":"critical","detail":"d","#
            + #""since_ms":1772411415482}"#),
    Golden(
        .drillStarted(Drill(by: wang, reason: "TEST", until: wall)), "drillStarted",
        #"{"by":{"channel":"socket","name":"wang"},"reason":"TEST","until_ms":1772411415482}"#),
    Golden(
        .drillEnded(by: wang, reason: "TEST"), "drillEnded",
        #"{"by":{"channel":"socket","name":"wang"},"reason":"TEST"}"#),
    Golden(.actedBeforeDurable(Sequence(10)), "actedBeforeDurable", #"{"record":10}"#),
    Golden(.storeUnavailable("the disk is full"), "storeUnavailable", #"{"why":"the disk is full"}"#),
    Golden(.storeRestored(factsDropped: 2), "storeRestored", #"{"facts_dropped":2}"#),
    Golden(.housekeeping(.sealed(through: 99, hash: "ff")), "sealed", #"{"through":99,"hash":"ff"}"#),
    Golden(
        .housekeeping(
            .payloadsDeleted(
                PayloadsDeleted(from: Sequence(1), through: Sequence(9), count: 3, reason: .age))),
        "payloadsDeleted", #"{"from":1,"through":9,"count":3,"reason":"age"}"#),
    Golden(
        .housekeeping(.imagesDeleted(count: 2, bytes: 300)), "imagesDeleted", #"{"count":2,"bytes":300}"#),
    Golden(
        .housekeeping(.recordSetAside(Sequence(7), why: "too large")), "recordSetAside",
        #"{"record":7,"why":"too large"}"#),
    Golden(
        .housekeeping(.replayOrdered(after: Sequence(7), by: wang)), "replayOrdered",
        #"{"after":7,"by":{"channel":"socket","name":"wang"}}"#),
    Golden(
        .housekeeping(.ledgerKey(LedgerKeyFact(.begun, key: "g+01020304+AQ=="))), "ledgerKeyBegun",
        #"{"key":"g+01020304+AQ=="}"#),
    Golden(
        .housekeeping(
            .ledgerKey(
                LedgerKeyFact(
                    .rotated, key: "g+05060708+AQ==", previous: "g+01020304+AQ==", statement: "s\n", by: wang,
                    reason: "TEST"))), "ledgerKeyRotated",
        #"{"key":"g+05060708+AQ==","previous":"g+01020304+AQ==","statement":"s\u000a","#
            + #""by":{"channel":"socket","name":"wang"},"reason":"TEST"}"#),
    Golden(
        .housekeeping(
            .ledgerKey(
                LedgerKeyFact(
                    .lost, key: "g+05060708+AQ==", statement: "s\n", by: wang, reason: "OTHER: card broke"))),
        "ledgerKeyLost",
        #"{"key":"g+05060708+AQ==","statement":"s\u000a","by":{"channel":"socket","name":"wang"},"#
            + #""reason":"OTHER: card broke"}"#),
    Golden(
        .housekeeping(.clockSetOrdered(to: wall, by: wang, reason: "OTHER: no network")), "clockSetOrdered",
        #"{"to_ms":1772411415482,"by":{"channel":"socket","name":"wang"},"reason":"OTHER: no network"}"#),
]

@Suite struct FactGoldenTests {
    @Test(arguments: goldens) func `a fact has the kind and the bytes that others rely on`(_ golden: Golden) {
        #expect(golden.fact.kind == golden.kind)
        #expect(String(decoding: golden.fact.payload, as: UTF8.self) == golden.payload)
    }

    @Test func `a passage against the lane and the other verdicts have kinds of their own`() {
        var passage = Passage(
            direction: .out, isReverse: true, certainty: .single, cause: .unattributed, startedAt: wall,
            passedAt: wall)
        #expect(
            Fact.passage(PassageFact(lane: "n", passage: passage, decision: nil)).kind == "passageReverse")
        passage.isReverse = false
        #expect(
            Fact.passage(PassageFact(lane: "n", passage: passage, decision: nil)).kind == "passageCompleted")
        for (verdict, kind) in [(Decision.Verdict.deny, "accessDenied"), (.pending, "accessHeld")] {
            var other = decision
            other.verdict = verdict
            let fact = DecisionFact(
                lane: "n", direction: .in, isPresenceConfirmed: false, read: nil, raw: nil, confidence: nil,
                otherReads: [], decision: other)
            #expect(Fact.decided(fact).kind == kind)
        }
    }

    /// Every note that a lane can make is a kind of its own, with the lane first.
    @Test(arguments: LaneNoteKind.allCases) func `a note is a record of its name`(_ kind: LaneNoteKind) {
        let note = LaneNote(
            kind, request: RequestID(5), read: Sequence(8), plate: plate.plate, direction: .in, by: wang,
            until: wall, milliseconds: 1097, count: 2, why: "w", flags: ["f"])
        let fact = Fact.laneNote(lane: "north", note, decision: Sequence(9))
        #expect(fact.kind == kind.rawValue)
        #expect(
            String(decoding: fact.payload, as: UTF8.self)
                == #"{"lane":"north","decision":9,"read":8,"plate":"沪A2K605","direction":"in","#
                + #""by":{"channel":"socket","name":"wang"},"until_ms":1772411415482,"ms":1097,"count":2,"#
                + #""why":"w","flags":["f"]}"#)
    }

    @Test func `no two facts share a kind`() {
        let kinds =
            goldens.map(\.kind).filter { !["holdStarted"].contains($0) }
            + LaneNoteKind.allCases.map(\.rawValue)
            + StayFact.kinds + DirectoryChange.kinds
        #expect(Set(kinds).count == kinds.count)
    }
}
