// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The transitions of a zone by its name, from the system's compiled zones.
package enum ZoneRulesLoader {
    package static let systemRoot = "/usr/share/zoneinfo"

    package enum Fault: Error, Hashable, Sendable {
        /// Not of the form `Area/Place`; a path would lead out of the folder.
        case badName
        case unknown
        case unreadable(TZif.Fault)

        package var message: String {
            switch self {
            case .badName: "not the name of a time zone"
            case .unknown: "no such time zone on this machine"
            case .unreadable(let fault): "its file is damaged (\(fault))"
            }
        }
    }

    package static func load(name: String, root: String = systemRoot) throws(Fault) -> ZoneRules {
        guard isName(name) else { throw .badName }
        let bytes: [UInt8]
        do {
            bytes = try TextFile.bytes("\(root)/\(name)", atMost: 1 << 20)
        } catch {
            if name == "UTC" { return .utc }
            throw .unknown
        }
        do {
            return try TZif.decode(bytes, name: name)
        } catch {
            throw .unreadable(error)
        }
    }

    /// The name on this machine that a mistyped one probably means.
    static func nearestName(to name: String, root: String) -> String? {
        let areas = TextFile.names(in: root).filter(isName)
        let places = areas.flatMap { area in TextFile.names(in: "\(root)/\(area)").map { "\(area)/\($0)" } }
        return nearest(to: name, among: (areas + places).filter(isName))
    }

    /// One to three parts of letters, digits, `_`, `+` and `-`, each beginning with a letter.
    static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), name.utf8.count <= 64 else { return false }
        return parts.allSatisfy { part in
            guard let first = part.first, isLetter(first) else { return false }
            return part.allSatisfy { isLetter($0) || ScalarForms.isDigit($0) || "_+-".utf8.contains($0) }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
