// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof
import Testing

/// Expected values come from Python's hashlib over the layout in the documentation.
struct ProofTests {
    private let first = StoredRecord(
        sequence: Sequence(1), kind: "accessGranted", format: 1,
        at: Moment(
            uptime: Uptime(nanoseconds: -5), wall: WallTime(milliseconds: 1_700_000_000_123),
            quality: .holdover),
        boot: "b0", payload: nil)

    @Test func `the header is the documented bytes`() {
        let expected =
            "4748523100000000000000010000018bcfe5687bfffffffffffffffb01000000000000000100"
            + "00000d6163636573734772616e746564000000026230"
        #expect(hex(RecordHash.header(of: first)) == expected)
    }

    @Test func `two records hash as another implementation hashes them`() {
        let payload = RecordHash.payload(
            salt: Array(0..<16), payload: Array(#"{"lane":"north","n":-7}"#.utf8))
        #expect(payload.description == "6d98b49cf8b9def250ddd7abaeed16913492b08d17cf53dc7cb40e0c7d96ce95")
        let one = RecordHash.chain(
            previous: .genesis, header: RecordHash.header(of: first), payload: payload)
        #expect(one.description == "d96aa2b4ee1f8a10f4d670fee1b1f9f2d6615c69f9810a0b6d60800185e531c2")
        let second = StoredRecord(
            sequence: Sequence(2), kind: "入场", format: 2,
            at: Moment(
                uptime: Uptime(nanoseconds: 2), wall: WallTime(milliseconds: 1), quality: .doubtful),
            boot: "", payload: nil)
        let two = RecordHash.chain(
            previous: one, header: RecordHash.header(of: second),
            payload: RecordHash.payload(salt: [UInt8](repeating: 0, count: 16), payload: []))
        #expect(two.description == "99c752c2ac079d18ff25041be905b24466087774e361fdd4dfe917f6713efece")
    }

    @Test func `every field of the header changes the hash`() {
        var changed = [StoredRecord](repeating: first, count: 7)
        changed[0].sequence = Sequence(2)
        changed[1].kind = "accessGrantee"
        changed[2].format = 2
        changed[3].at.wall = WallTime(milliseconds: 1_700_000_000_124)
        changed[4].at.uptime = Uptime(nanoseconds: 5)
        changed[5].at.quality = .synchronised
        changed[6].boot = "b1"
        #expect(Set((changed + [first]).map { RecordHash.header(of: $0) }).count == 8)
    }

    @Test func `a letter cannot move from the kind to the boot`() {
        var moved = first
        moved.kind = "accessGrante"
        moved.boot = "db0"
        #expect(RecordHash.header(of: moved) != RecordHash.header(of: first))
    }

    private let rows = [
        ProjectionRow(ProjectionKey(.stay, "9"), []),
        ProjectionRow(ProjectionKey(.stay, "10"), Array("a".utf8)),
        ProjectionRow(ProjectionKey(.area, "main"), Array("3".utf8)),
    ]

    @Test func `a seal's bytes do not depend on the order of the rows`() {
        let expected =
            "4748533100000000000000090000000461726561000000046d61696e00000001330000000473746179"
            + "00000002313000000001610000000473746179000000013900000000"
        #expect(hex(SealBytes.encode(rows, at: Sequence(9))) == expected)
        #expect(hex(SealBytes.encode(rows.reversed(), at: Sequence(9))) == expected)
    }

    @Test func `a seal reads back, and no prefix or changed byte of it traps`() throws {
        let bytes = SealBytes.encode(rows, at: Sequence(9))
        let decoded = try #require(SealBytes.decode(bytes))
        #expect(decoded.sequence == Sequence(9))
        #expect(Set(decoded.rows) == Set(rows))
        for count in 0..<bytes.count where SealBytes.decode(Array(bytes.prefix(count))) != nil {
            // Only where a row ends is a prefix a seal, of fewer rows.
            #expect([12, 33, 52].contains(count))
        }
        for index in bytes.indices {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = SealBytes.decode(changed)
            }
        }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
