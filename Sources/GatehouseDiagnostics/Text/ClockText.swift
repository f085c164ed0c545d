// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse clock` for people.
package enum ClockText {
    package static func text(_ clock: ClockResult, zone: ZoneRules) -> String {
        let civil = zone.civil(clock.wall)
        var lines = ["\(civil.date.text) \(WatchLine.clock(clock.wall, zone)), \(meaning(clock))"]
        if let doubt = clock.doubt {
            lines.append("  \(doubt)")
            lines.append("  `gatehouse clock set TIME --reason CODE` sets it, in the journal too")
        }
        lines.append(clock.kernel.map(kernel) ?? "network time: the kernel does not say")
        lines.append(
            clock.battery.map { "battery clock \($0.device): \(apart($0.offsetSeconds * 1000))" }
                ?? "battery clock: none; a power cut loses the time")
        lines += clock.cameras.map(camera)
        return lines.joined(separator: "\n")
    }

    private static func meaning(_ clock: ClockResult) -> String {
        switch clock.quality {
        case .synchronised: "synchronised"
        case .holdover: "holdover: it runs on by itself"
        case .doubtful: "IN DOUBT"
        }
    }

    private static func kernel(_ kernel: ClockResult.Kernel) -> String {
        guard kernel.isSynchronised else { return "network time: none disciplines this clock" }
        return "network time: disciplined, \(kernel.offsetMicroseconds) µs to go, "
            + "at most \(kernel.maximumErrorMilliseconds) ms wrong"
    }

    private static func camera(_ camera: ClockResult.Camera) -> String {
        let said: String =
            switch camera.verdict {
            case .agrees: "agrees"
            case .differs: "differs, its stamps are \(apart(camera.offsetMilliseconds))"
            case .otherZone: "has another zone, its stamps are \(apart(camera.offsetMilliseconds))"
            case .unknown:
                "was not heard often enough, its last stamp was \(apart(camera.offsetMilliseconds))"
            }
        return "camera \(camera.name): \(said), heard \(StatusText.span(camera.secondsAgo)) ago"
    }

    private static func apart(_ milliseconds: Int64) -> String {
        let size = milliseconds.magnitude
        guard size >= 1000 else { return "within a second" }
        let span = size < 120_000 ? "\(size / 1000) s" : StatusText.span(Int64(size / 1000))
        return "\(span) \(milliseconds < 0 ? "behind" : "ahead")"
    }
}
