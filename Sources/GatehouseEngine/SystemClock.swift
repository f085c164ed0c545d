// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import GatehouseCore
internal import Synchronization

/// Reads both clocks of the machine. The only place where time enters.
package final class SystemClock: Sendable {
    private let quality = Atomic<UInt8>(2)

    package init() {}

    /// What the kernel says about its time source; looked up now and then, not at every reading.
    package func setQuality(_ new: ClockQuality) {
        quality.store(new == .synchronised ? 0 : new == .holdover ? 1 : 2, ordering: .relaxed)
    }

    package func now() -> Moment {
        let known: ClockQuality =
            switch quality.load(ordering: .relaxed) {
            case 0: .synchronised
            case 1: .holdover
            default: .doubtful
            }
        return Moment(
            uptime: uptime(), wall: WallTime(milliseconds: Self.read(CLOCK_REALTIME) / 1_000_000),
            quality: known)
    }

    package func uptime() -> Uptime { Uptime(nanoseconds: Self.read(CLOCK_MONOTONIC)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
