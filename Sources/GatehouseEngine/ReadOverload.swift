// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Makes a fault of reads that found the inbox full, when that lasts: in `patience` seconds since it began,
/// quiet times in between forgiven up to `quiet`, after which it is over. To be asked every second.
package struct ReadOverload: Sendable {
    package static let code = "reads_dropped"
    private static let patience = 3
    private static let quiet = Duration.seconds(60)

    private struct Camera: Sendable {
        var seconds = 0
        var reads = 0
        var latest = Uptime.zero
    }

    private var cameras = Table<DeviceID, Camera>()

    package init() {}

    /// What to tell the site of which camera.
    package mutating func second(
        _ dropped: Table<DeviceID, Int>, at now: Uptime
    ) -> [(camera: DeviceID, event: DeviceEvent)] {
        var events: [(camera: DeviceID, event: DeviceEvent)] = []
        for (device, count) in dropped.inOrder {
            var camera = cameras[device] ?? Camera()
            camera.seconds += 1
            camera.reads += count
            camera.latest = now
            cameras[device] = camera
            guard camera.seconds == Self.patience else { continue }
            let detail =
                "\(camera.reads) reads came faster than they could be judged; the oldest were dropped, at most "
                + "\(Inbox.readsPerDevice) wait. Lower plates_per_minute or look why the device repeats itself"
            events.append((device, .faultRaised(code: Self.code, severity: .warning, detail: detail)))
        }
        for (device, camera) in cameras.inOrder where now - camera.latest >= Self.quiet {
            cameras.remove(device)
            if camera.seconds >= Self.patience { events.append((device, .faultCleared(code: Self.code))) }
        }
        return events
    }
}
