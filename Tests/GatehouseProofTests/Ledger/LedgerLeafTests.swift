// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
@testable import GatehouseProof
import Testing

@Suite struct LedgerLeafTests {
    private let record = StoredRecord(
        sequence: Sequence(1), kind: "accessGranted", format: 1,
        at: Moment(
            uptime: Uptime(nanoseconds: -5), wall: WallTime(milliseconds: 1_700_000_000_123),
            quality: .holdover),
        boot: "b0", payload: bytes(#"{"lane":"north","n":-7}"#))

    /// The expected values come from Python's hashlib.
    @Test func `a leaf is the documented bytes and their hash`() {
        let header = RecordHash.header(of: record)
        let payload = RecordHash.payload(salt: Array(0..<16), payload: record.payload ?? [])
        let input = LedgerLeaf.input(header: header, payloadHash: payload)
        #expect(
            input.hexadecimal
                == "4748523100000000000000010000018bcfe5687bfffffffffffffffb01000000000000000100"
                + "00000d6163636573734772616e7465640000000262306d98b49cf8b9def250ddd7abaeed16913492b08d17cf53dc7"
                + "cb40e0c7d96ce95")
        #expect(
            LedgerLeaf.hash(header: header, payloadHash: payload).description
                == "a66cae0f6144609126abeb771b2f1fe97d9f2b9cb4b35bcb2df78dfa6c9f12af")
    }

    @Test func `every field, the salt and every byte of the payload change the leaf`() throws {
        let whole = try #require(
            ReceiptProof(
                record: record, salt: Array(0..<16), leaf: 0, size: 1, path: [], checkpoint: []))
        var changed = [ReceiptProof](repeating: whole, count: 8)
        changed[0].sequence = Sequence(2)
        changed[1].kind = "accessDenied"
        changed[2].format = 2
        changed[3].at.wall = WallTime(milliseconds: 0)
        changed[4].at.uptime = .zero
        changed[5].at.quality = .doubtful
        changed[6].boot = "b1"
        changed[7].salt[15] = 0
        for index in whole.payload.indices {
            var other = whole
            other.payload[index] ^= 1
            changed.append(other)
        }
        #expect(Set((changed + [whole]).map(\.leafHash)).count == changed.count + 1)
    }
}
