// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import Glibc

/// The machine's clocks, the same as the daemon's on the same machine: so what a twin saw and what a record
/// says can be laid side by side.
package enum TwinClock {
    package static func uptime() -> Uptime { Uptime(nanoseconds: read(CLOCK_MONOTONIC)) }

    package static func wall() -> WallTime { WallTime(milliseconds: read(CLOCK_REALTIME) / 1_000_000) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
