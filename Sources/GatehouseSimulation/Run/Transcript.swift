// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One fixed-width line per event. Its hash (FNV-1a) says whether two runs were the same.
struct Transcript {
    private let keeps: Bool
    private(set) var lines: [String] = []
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    init(keeps: Bool) { self.keeps = keeps }

    mutating func add(at now: Uptime, _ who: String, _ what: String) {
        mix(UInt64(bitPattern: now.nanoseconds))
        for byte in who.utf8 { mix(UInt64(byte)) }
        for byte in what.utf8 { mix(UInt64(byte)) }
        if keeps { lines.append("\(Self.clock(now))  \(left(who, 8)) \(what)") }
    }

    private mutating func mix(_ value: UInt64) {
        hash ^= value
        hash = hash &* 0x100_0000_01B3
    }

    /// Hours, minutes, seconds and milliseconds since the run began.
    static func clock(_ now: Uptime) -> String {
        let milliseconds = Int(now.nanoseconds / 1_000_000)
        let seconds = milliseconds / 1000
        return "\(padded(seconds / 3600, 3)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))."
            + padded(milliseconds % 1000, 3)
    }
}

/// A record in one line.
enum RecordLine {
    static func text(_ record: Record) -> String {
        "\(right("\(record.sequence.number)", 6)) \(left(record.kind, 20)) "
            + String(decoding: record.payload, as: UTF8.self)
    }
}
