// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The profiles of a folder and its subfolders, by name; a file is read when a device first asks for it.
package final class ProfileLibrary {
    private let paths: [String: String]
    private let drivers: [DriverDescription]
    private var loaded: [String: HardwareProfile?] = [:]
    package private(set) var issues: [ConfigIssue] = []

    package init(folder: String, drivers: [DriverDescription]) {
        self.drivers = drivers
        var found: [String: String] = [:]
        var twice: [ConfigIssue] = []
        for path in Self.files(in: folder) {
            let name = String(path.dropLast(5).split(separator: "/").last ?? "")
            if let other = found[name] {
                twice.append(
                    ConfigIssue(file: path, message: "the profile \(name) exists twice, here and in \(other)")
                )
            }
            found[name] = path
        }
        paths = found
        issues = twice
        if found.isEmpty {
            let isThere = TextFile.isFolder(folder)
            issues.append(
                ConfigIssue(
                    file: folder,
                    message: isThere
                        ? "no hardware profile is in this folder"
                        : "the folder of the hardware profiles is missing or cannot be read",
                    hint: "make install brings them; --profiles names another folder"))
        }
    }

    /// Nothing that a site file could be blamed for.
    package var isEmpty: Bool { paths.isEmpty }

    package var names: [String] { paths.keys.sorted() }

    /// Nil when there is none or it has errors, which are then among `issues`.
    package func profile(_ name: String) -> HardwareProfile? {
        if let known = loaded[name] { return known }
        guard let path = paths[name] else { return nil }
        let log = IssueLog(file: path)
        var profile: HardwareProfile?
        do {
            let bytes = try TextFile.bytes(path, atMost: YAMLDocument.maximumBytes)
            profile = ProfileReader(name: name, drivers: drivers, log: log).read(try TextFile.text(bytes))
        } catch {
            log.add(at: nil, path: "", TextFile.message(error))
        }
        issues += log.issues
        loaded[name] = .some(profile)
        return profile
    }

    /// `demo/` holds sites, not profiles.
    private static func files(in folder: String) -> [String] {
        let top = TextFile.names(in: folder).map { "\(folder)/\($0)" }
        let below = top.filter { !$0.hasSuffix(".yaml") && !$0.hasSuffix("/demo") }
            .flatMap { sub in TextFile.names(in: sub).map { "\(sub)/\($0)" } }
        return (top + below).filter { $0.hasSuffix(".yaml") }
    }
}

extension ProfileLibrary {
    /// The barrier's or the unit's own board, which we reach only through contacts. nil after an error.
    func controller(_ field: Field) -> HardwareProfile? {
        guard let name = field.raw(expecting: "the name of a profile"), !isEmpty else { return nil }
        guard names.contains(name) else {
            let hint = nearest(to: name, among: names).map { "did you mean \($0)?" }
            field.error("no such hardware profile", found: name, hint: hint)
            return nil
        }
        guard let profile = profile(name) else { return nil }
        guard let kind = profile.kind else { return profile }
        field.error(
            "that is a \(kind.rawValue) of ours, not the board inside the barrier or the unit", found: name,
            hint: "a profile with `driver: none`, or leave it out")
        return nil
    }
}
