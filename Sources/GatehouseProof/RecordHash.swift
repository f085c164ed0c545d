// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The journal's hash chain. Every record's hash covers the hash before it, its own header and the hash of
/// its payload; the payload's hash is salted, so that a deleted payload cannot be guessed from what stays.
///
///     payload_hash = SHA-256(salt ‖ payload)
///     hash         = SHA-256(prev ‖ header ‖ payload_hash)
///
/// `prev` is the hash of the record before, 32 zero bytes before record 1. The header, big-endian:
///
///     "GHR1"                  4   names this layout
///     seq                     8
///     wall                    8   milliseconds since 1970-01-01T00:00:00Z
///     uptime                  8   nanoseconds of the boot named below
///     clock_quality           1   0 synchronised, 1 holdover, 2 doubtful
///     format                  8
///     length of kind          4
///     kind                    …   UTF-8
///     length of boot          4
///     boot                    …   UTF-8
package enum RecordHash {
    package static let saltSize = 16

    package static func payload(salt: [UInt8], payload: [UInt8]) -> Digest {
        Digest(of: salt, payload)
    }

    package static func chain(previous: Digest, header: [UInt8], payload: Digest) -> Digest {
        Digest(of: previous.bytes, header, payload.bytes)
    }

    package static func header(of record: Record) -> [UInt8] {
        header(
            sequence: record.sequence, kind: record.kind, format: record.format, at: record.at,
            boot: record.boot)
    }

    package static func header(of record: StoredRecord) -> [UInt8] {
        header(
            sequence: record.sequence, kind: record.kind, format: record.format, at: record.at,
            boot: record.boot)
    }

    private static func header(
        sequence: Sequence, kind: String, format: Int, at: Moment, boot: String
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128)
        bytes.append(contentsOf: "GHR1".utf8)
        bytes.append(bigEndian: sequence.number)
        bytes.append(bigEndian: at.wall.milliseconds)
        bytes.append(bigEndian: at.uptime.nanoseconds)
        bytes.append(at.quality.code)
        bytes.append(bigEndian: Int64(format))
        bytes.append(counted: kind)
        bytes.append(counted: boot)
        return bytes
    }
}

extension ClockQuality {
    /// As hashed and stored; the numbers never change their meaning.
    package var code: UInt8 {
        switch self {
        case .synchronised: 0
        case .holdover: 1
        case .doubtful: 2
        }
    }

    package init?(code: Int64) {
        guard let found = Self.allCases.first(where: { Int64($0.code) == code }) else { return nil }
        self = found
    }
}
