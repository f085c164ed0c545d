// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One line of `gatehouse events --json`, as anyone outside the gateway can read it.
package struct TwinRecord: Hashable, Sendable {
    package var number: Int64
    package var kind: String
    package var wall: WallTime
    package var uptime: Uptime
    package var data: Fields

    package static func read(_ output: String) -> [TwinRecord] {
        output.split(separator: "\n").flatMap { line -> [TwinRecord] in
            guard let fields = try? Fields(Array(line.utf8)) else { return [] }
            if let lines = try? fields.objects("events"), !lines.isEmpty {
                return lines.compactMap(Self.init)
            }
            return Self(fields).map { [$0] } ?? []
        }
    }

    private init?(_ fields: Fields) {
        guard let number = try? fields.integer("seq"), let kind = try? fields.string("kind") else {
            return nil
        }
        self.number = number
        self.kind = kind
        wall = WallTime(milliseconds: (try? fields.integer("wall_ms")) ?? 0)
        uptime = Uptime(nanoseconds: ((try? fields.integer("uptime_us")) ?? 0) &* 1000)
        data = (try? fields.object("data")) ?? Fields(members: [])
    }

    package func text(_ key: String) -> String? { try? data.string(key) }
    package func number(_ key: String) -> Int64? { try? data.integer(key) }
    package var lane: String? { text("lane") }
    package var flags: [String] { (try? data.strings("flags")) ?? [] }
    package var isPassage: Bool { kind == "passageCompleted" || kind == "passageReverse" }
}
