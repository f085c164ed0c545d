// SPDX-License-Identifier: Apache-2.0

/// A first `site.yaml`, as far as questions can find it out. `yaml` writes what `docs/configuration.md` describes.
struct FirstSite {
    struct Board {
        var name: String
        var profile: String
        var at: String
        /// A serial board answers at once or not at all: waiting longer only delays the others on its line.
        var isSerial = false
        /// Several boards on one line are told apart by it.
        var address: Int?
    }

    struct Camera {
        var name: String
        var profile: String
        var at: String
    }

    struct Input {
        var terminal: String
        var isNormallyClosed = false

        var yaml: String {
            isNormallyClosed ? "{input: \(terminal), contact: normally_closed}" : terminal
        }
    }

    struct Statement {
        var by: String
        var date: String
    }

    struct Lane {
        var name: String
        var kind: String
        var closing: String
        /// With the direction in which it sees vehicles come; nil where the lane has only one.
        var cameras: [(camera: Camera, direction: String?)] = []
        /// Role and terminal, in the order of asking.
        var outputs: [(role: String, terminal: String)] = []
        var inputs: [(role: String, input: Input)] = []
        var safety: Input?
        var antiCrush: Statement?
    }

    var id = ""
    var zone = ""
    var capacity = 0
    var reserve = 0
    var boards: [Board] = []
    var lanes: [Lane] = []
    var fire: Input?
    var broker: String?

    var yaml: String {
        var lines = [
            "# Written by `gatehouse init`. Every key: docs/configuration.md. After a change:",
            "#   gatehouse check FILE, then systemctl reload gatehouse",
            "site: {id: \(id), time_zone: \(zone)}",
            "", "areas:", "  main: {capacity: \(capacity), reserve: \(reserve)}",
            "", "devices:",
        ]
        for board in boards {
            let timeout = board.isSerial ? ", reply_timeout_ms: 60" : ""
            let address = board.address.map { ", address: \($0)" } ?? ""
            lines.append("  \(board.name): {profile: \(board.profile), at: \(board.at)\(timeout)\(address)}")
        }
        for camera in lanes.flatMap(\.cameras).map(\.camera) {
            lines.append("  \(camera.name): {profile: \(camera.profile), at: \(camera.at)}")
        }
        lines += ["", "lanes:"]
        for lane in lanes { lines += Self.lines(lane) }
        if let fire {
            lines += ["", "fire:", "  input: \(Self.contact(fire))", "  lanes: all"]
        }
        if let broker {
            lines += ["", "uplink:", "  broker: \(broker)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `safety` and `fire` always say which kind of contact they are.
    private static func contact(_ input: Input) -> String {
        input.isNormallyClosed
            ? input.yaml
            : "{input: \(input.terminal), contact: normally_open, broken_wire_unnoticed: accepted}"
    }

    private static func lines(_ lane: Lane) -> [String] {
        var lines = [
            "  \(lane.name):", "    kind: \(lane.kind)", "    area: main", "    closing: \(lane.closing)",
        ]
        let cameras = lane.cameras.map { camera, direction in
            direction.map { "{device: \(camera.name), direction: \($0)}" } ?? camera.name
        }
        switch cameras.count {
        case 0: break
        case 1:
            lines.append(
                "    camera\(lane.cameras[0].direction == nil ? ": \(cameras[0])" : "s: [\(cameras[0])]")")
        default: lines.append("    cameras: [\(cameras.joined(separator: ", "))]")
        }
        for output in lane.outputs { lines.append("    \(output.role): \(output.terminal)") }
        for (role, input) in lane.inputs { lines.append("    \(role): \(input.yaml)") }
        if let safety = lane.safety { lines.append("    safety: \(contact(safety))") }
        if let said = lane.antiCrush {
            lines.append("    anti_crush: {confirmed_by: '\(said.by)', date: \(said.date)}")
        }
        return lines
    }
}
