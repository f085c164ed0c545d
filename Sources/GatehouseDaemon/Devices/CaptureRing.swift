// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import Synchronization

/// The last bytes that each device said, for `gatehouse capture`: what a technician sends to us when a
/// format is new. Bounded by number and size.
final class CaptureRing: Sendable {
    struct Capture: Sendable {
        var at: WallTime
        var bytes: [UInt8]
    }

    private static let perDevice = 2
    private static let maximumBytes = 1 << 20

    private let state = Mutex(Table<DeviceID, [Capture]>())

    func keep(_ bytes: [UInt8], from device: DeviceID, at now: WallTime) {
        guard bytes.count <= Self.maximumBytes else { return }
        state.withLock { ring in
            ring[device, default: []].append(Capture(at: now, bytes: bytes))
            if ring[device, default: []].count > Self.perDevice { ring[device, default: []].removeFirst() }
        }
    }

    func latest(from device: DeviceID) -> Capture? { state.withLock { $0[device]?.last } }
}
