// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
internal import Glibc

/// The clocks of this process; everything that counts time is given it.
package enum BoothClock {
    /// Goes on while the machine sleeps.
    package static var uptime: Uptime {
        let time = read(CLOCK_BOOTTIME)
        return Uptime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static var wall: WallTime {
        let time = read(CLOCK_REALTIME)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return time
    }
}
