// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What happened, in the lines and columns of `gatehouse watch`: records as it prints them, and between them, with
/// small letters in place of its capitals and without a number, what the world did. Its hash (FNV-1a) says whether
/// two runs were the same; it covers every byte of the records, cut or not.
struct Transcript {
    private let keeps: Bool
    private let origin: WallTime
    private(set) var lines: [String] = []
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    init(keeps: Bool, origin: WallTime) {
        self.keeps = keeps
        self.origin = origin
    }

    mutating func add(_ tag: String, lane: String, plate: String, _ text: String, at now: Uptime) {
        mix(now)
        for part in [tag, lane, plate, text] { mix(part.utf8) }
        guard keeps else { return }
        let time = WatchLine.clock(origin + (now - .zero), .utc)
        lines.append(WatchLine.columns(time: time, lane: lane, tag: tag, plate: plate, text: text))
    }

    mutating func add(_ record: Record, at now: Uptime) {
        mix(now)
        mix(UInt64(bitPattern: record.sequence.number))
        mix(record.kind.utf8)
        mix(record.payload)
        if keeps { lines.append(WatchLine.text(StoredRecord(record), zone: .utc)) }
    }

    private mutating func mix(_ now: Uptime) { mix(UInt64(bitPattern: now.nanoseconds)) }

    private mutating func mix(_ bytes: some Swift.Sequence<UInt8>) {
        for byte in bytes { mix(UInt64(byte)) }
    }

    private mutating func mix(_ value: UInt64) {
        hash ^= value
        hash = hash &* 0x100_0000_01B3
    }

    /// Hours, minutes, seconds and milliseconds since the run began, which is at midnight.
    static func clock(_ now: Uptime) -> String {
        let milliseconds = Int(now.nanoseconds / 1_000_000)
        let seconds = milliseconds / 1000
        return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))."
            + padded(milliseconds % 1000, 3)
    }
}
