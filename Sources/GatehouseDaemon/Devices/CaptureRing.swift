// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Synchronization

/// The last bytes of each device, for `gatehouse capture`: what a technician sends to us when a format is new.
/// Of a camera the newest event, a heartbeat only until there is one; of a board the newest frames both ways.
final class CaptureRing: Sendable {
    struct Capture: Sendable {
        var at: WallTime
        var format: String
        var bytes: [UInt8]
    }

    enum Weight: Sendable { case heartbeat, event }

    private struct Kept: Sendable {
        var push: Capture?
        var hasEvent = false
        var frames: [Frame] = []
    }

    private struct Frame: Sendable {
        var at: WallTime
        var isSent: Bool
        var bytes: [UInt8]
    }

    private static let maximumBytes = 1 << 20
    private static let maximumFrames = 128

    private let state = Mutex(Table<String, Kept>())

    func keep(_ body: [UInt8], from device: String, _ weight: Weight, at now: WallTime) {
        guard body.count <= Self.maximumBytes else { return }
        state.withLock { kept in
            guard weight == .event || !(kept[device]?.hasEvent ?? false) else { return }
            kept[device, default: Kept()].push = Capture(at: now, format: "http-body", bytes: body)
            if weight == .event { kept[device, default: Kept()].hasEvent = true }
        }
    }

    func frame(_ bytes: [UInt8], isSent: Bool, of device: String, at now: WallTime) {
        state.withLock { kept in
            kept[device, default: Kept()].frames.append(Frame(at: now, isSent: isSent, bytes: bytes))
            let count = kept[device, default: Kept()].frames.count
            if count > Self.maximumFrames {
                kept[device, default: Kept()].frames.removeFirst(count - Self.maximumFrames / 2)
            }
        }
    }

    func latest(from device: String) -> Capture? {
        guard let kept = state.withLock({ $0[device] }) else { return nil }
        if let push = kept.push { return push }
        guard let last = kept.frames.last else { return nil }
        let lines = kept.frames.map { frame in
            let bytes = frame.bytes.map { hex($0) }.joined(separator: " ")
            return "\(frame.at.rfc3339) \(frame.isSent ? ">" : "<") \(bytes)\n"
        }
        return Capture(at: last.at, format: "serial-frames", bytes: Array(lines.joined().utf8))
    }

    private func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
