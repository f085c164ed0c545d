// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof
import Testing

@Suite struct ReceiptFieldsTests {
    private func wrapped(_ proof: ReceiptProof) throws -> [UInt8] {
        let json = try #require(proof.json)
        return FieldWriter.object { $0.put("proof", json: json) }
    }

    @Test func `the object is the documented one`() throws {
        let record = StoredRecord(
            sequence: Sequence(7), kind: "入场", format: 2,
            at: Moment(
                uptime: Uptime(nanoseconds: -3), wall: WallTime(milliseconds: 5), quality: .doubtful),
            boot: "b\"0", payload: bytes(#"{"plate":"沪A"}"#))
        let proof = try #require(
            ReceiptProof(
                record: record, salt: [UInt8](repeating: 0xAB, count: 16), leaf: 6, size: 9,
                path: [.genesis], checkpoint: bytes("o\n9\n"), consistency: [], consistencySize: 12))
        let json = try #require(proof.json)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"record":{"sequence":7,"kind":"入场","format":2,"wall_ms":5,"uptime_ns":-3,"#
                + #""boot":"b\"0","clock_quality":2},"salt":"abababababababababababababababab","#
                + #""payload":"{\"plate\":\"沪A\"}","leaf":6,"size":9,"path":["\#(Digest.genesis)"],"#
                + #""checkpoint":"o\u000a9\u000a","consistency":[],"consistency_size":12}"#)
    }

    @Test func `a proof comes back as it was, with a consistency proof and without`() throws {
        let ledger = try SampleLedger(records: 9)
        for later in [nil, 8, 9] as [Int64?] {
            let proof = try #require(try ledger.receipt(2, size: 8, until: later))
            #expect(try Receipt(wrapped(proof)).proof == proof)
            #expect(try Receipt(wrapped(proof)).proof.verify(key: ledger.signer.key).count == 2)
        }
    }

    @Test func `a receipt of before the size of its way was written is read`() throws {
        let ledger = try SampleLedger(records: 9)
        var proof = try #require(try ledger.receipt(2, size: 8, until: 9))
        proof.consistencySize = nil
        let json = try wrapped(proof)
        #expect(!String(decoding: json, as: UTF8.self).contains("consistency_size"))
        #expect(try Receipt(json).proof == proof)
    }

    @Test func `bytes that are no text have no JSON`() throws {
        let ledger = try SampleLedger(records: 1)
        var proof = try #require(try ledger.receipt(0, size: 1))
        proof.payload = [0xFF]
        #expect(proof.json == nil)
        proof.payload = []
        #expect(proof.json != nil)
        proof.checkpoint = [0xC3]
        #expect(proof.json == nil)
    }

    @Test func `every member must be there and of its type`() throws {
        let ledger = try SampleLedger(records: 3)
        let receipt = String(
            decoding: try wrapped(try #require(try ledger.receipt(1, size: 2, until: 3))), as: UTF8.self)
        for name in [
            "record", "sequence", "kind", "format", "wall_ms", "uptime_ns", "boot", "clock_quality", "salt",
            "payload", "leaf", "size", "path", "checkpoint", "proof",
        ] {
            let other = receipt.replacing("\"\(name)\":", with: "\"other\":")
            #expect(throws: FieldError.missing(key: name)) { try Receipt(bytes(other)) }
            let wrong = receipt.replacing("\"\(name)\":", with: "\"\(name)\":true,\"other\":")
            #expect(throws: FieldError.wrongType(key: name)) { try Receipt(bytes(wrong)) }
        }
        let changes: [(String, String)] = [
            (#""clock_quality":1"#, #""clock_quality":3"#), (#""salt":"0"#, #""salt":"G"#),
            (#""consistency_size":"#, #""consistency_size":true,"other":"#),
            (#""path":["#, #""path":["ab","#), (#""consistency":["#, #""consistency":["","#),
        ]
        for (old, new) in changes {
            let other = receipt.replacing(old, with: new)
            #expect(other != receipt)
            #expect(throws: FieldError.self) { try Receipt(bytes(other)) }
        }
    }

    @Test func `a key that stands twice is refused`() throws {
        let ledger = try SampleLedger(records: 1)
        let receipt = String(
            decoding: try wrapped(try #require(try ledger.receipt(0, size: 1))), as: UTF8.self)
        for (key, value) in [("leaf", "0"), ("boot", #""b""#), ("proof", "{}"), ("payload", #""""#)] {
            let twice = receipt.replacing("\"\(key)\":", with: "\"\(key)\":\(value),\"\(key)\":")
            #expect(throws: FieldError.unknownValue(key: key, value: "stands twice")) {
                try Receipt(bytes(twice))
            }
        }
    }

    @Test func `a path of endless hashes is refused`() throws {
        let ledger = try SampleLedger(records: 1)
        var proof = try #require(try ledger.receipt(0, size: 1))
        proof.path = [Digest](repeating: .genesis, count: 129)
        let receipt = try wrapped(proof)
        #expect(throws: FieldError.unknownValue(key: "path", value: "129 hashes, the limit is 128")) {
            try Receipt(receipt)
        }
    }
}
