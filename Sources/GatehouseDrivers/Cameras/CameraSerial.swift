// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Bytes for a serial port behind a camera, opaque to it: the frames of a display card or a voice box. They go out with
/// the next answer that the camera reads, in order and back to back.
package struct SerialBatch: Hashable, Sendable {
    /// The caller's; comes back with what became of it.
    package var token: Int
    /// 0 is the camera's first RS-485 port.
    package var port: Int
    package var frames: [[UInt8]]
    /// Not sent at or after this; nil: until a newer one comes.
    package var expires: Uptime?

    package static let maximumFrames = 8
    /// Of all frames together: what a port at 9600 baud says in a second.
    package static let maximumBytes = 960

    package init(token: Int, port: Int = 0, frames: [[UInt8]], expires: Uptime? = nil) {
        self.token = token
        self.port = port
        self.frames = frames
        self.expires = expires
    }

    func outcome(_ outcome: CommandOutcome) -> CameraOutput {
        .passed(port: port, token: token, outcome)
    }
}

/// One batch a port; a newer one replaces the one that waits. A display has one text.
struct SerialMailbox: Hashable, Sendable {
    private(set) var waiting: [SerialBatch] = []

    var isEmpty: Bool { waiting.isEmpty }
    var nextExpiry: Uptime? { waiting.compactMap(\.expires).min() }

    mutating func post(_ batch: SerialBatch) -> [CameraOutput] {
        let bytes = batch.frames.reduce(0) { $0 + $1.count }
        guard batch.frames.count <= SerialBatch.maximumFrames, bytes <= SerialBatch.maximumBytes else {
            let limits = "\(SerialBatch.maximumFrames) frames and \(SerialBatch.maximumBytes) bytes"
            let found = "\(batch.frames.count) and \(bytes)"
            return [batch.outcome(.refused("\(found), at most \(limits) at a time"))]
        }
        let replaced = remove { $0.port == batch.port }
        waiting.append(batch)
        return replaced.map { $0.outcome(.withdrawn("replaced by newer bytes")) }
    }

    /// Its answer did not leave.
    mutating func putBack(_ batch: SerialBatch) -> [CameraOutput] {
        guard !waiting.contains(where: { $0.port == batch.port }) else {
            return [batch.outcome(.withdrawn("replaced by newer bytes"))]
        }
        waiting.append(batch)
        return []
    }

    mutating func take() -> [SerialBatch] { remove { _ in true } }

    mutating func expire(at now: Uptime) -> [CameraOutput] {
        remove { batch in batch.expires.map { $0 <= now } ?? false }
            .map { $0.outcome(.expired) }
    }

    private mutating func remove(where condition: (SerialBatch) -> Bool) -> [SerialBatch] {
        let removed = waiting.filter(condition)
        waiting.removeAll(where: condition)
        return removed
    }
}
