// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof
import Testing

@Suite struct ReceiptTests {
    private let sample: SampleReceipt

    init() throws { sample = try SampleReceipt() }

    private func verify(_ json: [UInt8]) throws -> Receipt.Finding {
        try Receipt(json).verify(checkpointFile: sample.checkpoint, keys: [sample.key])
    }

    @Test func `what a gateway wrote holds, and names what nothing proves`() throws {
        let finding = try verify(sample.json())
        #expect(finding.checks.count == 4)
        #expect(finding.record.number("paid") == 300)
        #expect(finding.unproven == ["site", "settlements"])
    }

    @Test func `the proof alone holds`() throws {
        let json = try #require(sample.proof.json)
        let finding = try verify(FieldWriter.object { $0.put("proof", json: json) })
        #expect(finding.record.text("plate") == "沪A2K605" && finding.unproven.isEmpty)
    }

    @Test(arguments: SampleReceipt.forged) func `a member that says something else is refused`(
        _ name: String, _ value: String
    ) throws {
        let fault = #expect(throws: ReceiptFault.self) { try verify(sample.json(name, value)) }
        guard case .shownOtherwise(name, value, let proven)? = fault else {
            Issue.record("\(name): \(fault.map { "\($0)" } ?? "it holds")")
            return
        }
        #expect((proven == nil) == (name == "collected"))
        #expect(fault?.isOfAnotherTime == false)
    }

    @Test func `both values are named`() {
        let fault = #expect(throws: ReceiptFault.self) {
            try verify(sample.json("plate", #""京A00001""#))
        }
        #expect(
            fault.map { "\($0)" }
                == #"contents: plate is shown as "京A00001", the record says "沪A2K605""#)
    }

    @Test func `the order of members and what nobody knows change nothing`() throws {
        let turned = #"[{"amount":900,"code":"CHARGE"},{"amount":-100,"code":"ROUNDING"}]"#
        #expect(try verify(sample.json("lines", turned)).unproven == ["site", "settlements"])
        #expect(try verify(sample.json("note", "1")).unproven == ["site", "settlements", "note"])
    }

    @Test func `a proof that does not hold is not looked into`() throws {
        var proof = sample.proof
        proof.payload[10] ^= 1
        let json = try #require(proof.json)
        let fault = #expect(throws: ReceiptFault.self) {
            try verify(FieldWriter.object { $0.put("proof", json: json) })
        }
        let isNotIncluded = if case .notIncluded? = fault { true } else { false }
        #expect(isNotIncluded, "\(String(describing: fault))")
    }

    @Test func `a record that is no object is not read`() throws {
        let ledger = try SampleLedger(records: 1) { _ in "[]" }
        let proof = try #require(try ledger.receipt(0, size: 1)?.json)
        let json = FieldWriter.object { $0.put("proof", json: proof) }
        #expect(throws: ReceiptFault.unreadableRecord(.malformed(offset: 0))) {
            try Receipt(json).verify(keys: [ledger.signer.key])
        }
    }

    @Test func `what does something to a terminal is written out`() {
        #expect("京A\u{1B}[2J\u{202E}\u{9B}x\u{E0001}".harmless == #"京A\u001b[2J\u202e\u009bx\ue0001"#)
    }
}
