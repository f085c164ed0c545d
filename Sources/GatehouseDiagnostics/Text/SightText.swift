// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse pictures` for people.
package enum SightText {
    package static func text(_ result: SightsResult, zone: ZoneRules) -> String {
        let sights = [("entry", result.entry), ("exit", result.exit)].flatMap { name, sight in
            sight.map { lines(name, $0, zone) } ?? []
        }
        let stay = result.stay.map { ["stay \($0)"] } ?? []
        return (stay + (sights.isEmpty ? ["nothing was seen of it"] : sights)).joined(separator: "\n")
    }

    private static func lines(_ name: String, _ sight: Sight, _ zone: ZoneRules) -> [String] {
        let time = "\(zone.civil(sight.at).date.text) \(WatchLine.clock(sight.at, zone).prefix(8))"
        let head = "\(name)  \(time)  lane \(sight.lane)  \(sight.plate ?? "(none)")  read \(sight.read)"
        return [head]
            + sight.images.map { "  \($0.role)  \($0.bytes) bytes  \($0.sha256)" }
    }
}
