// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDrivers
import GatehouseTransport
import Glibc

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "A first site file, by questions; needs no daemon.",
        discussion: """
            Asks for boards, lanes, cameras and wires, writes the file and checks it. Displays, turnstiles, doors \
            and everything else are added by hand: docs/configuration.md. A file that is there stays, unless \
            --force. With - as the file it is printed.
            """)

    @Argument(help: "File to write.", completion: .file(extensions: ["yaml"])) var site = Paths.site
    @Option(help: ArgumentHelp("Folder of hardware profiles.", valueName: "folder"), completion: .directory)
    var profiles = Paths.profiles
    @Flag(help: "Replace a file that is there.") var force = false
    @OptionGroup var output: JSONOption

    func run() throws {
        // Before the first question: nobody answers forty of them for nothing.
        try refuseUnwritable()
        let drivers = DriverCatalog.descriptions
        let library = ProfileLibrary(folder: profiles, drivers: drivers)
        guard library.names.contains(where: { library.profile($0)?.kind == .relay }) else {
            throw CommandFailure(
                .data, "\(profiles): no profile of a relay board", hint: "--profiles FOLDER, or make install")
        }
        let text = try answers(library).yaml
        if site == "-" { Output.bytes(Array(text.utf8)) } else { try write(text) }
        let result = SiteLoader.read(text, file: site, profiles: library, drivers: drivers)
        if site != "-" || result.issues.hasErrors {
            SiteVerdict(site: site, result: result).print(json: output.json)
        }
        if result.issues.hasErrors { throw ExitCode(ExitStatus.configuration.rawValue) }
    }

    private func answers(_ library: ProfileLibrary) throws -> FirstSite {
        let interview = Interview(
            answer: { readLine(strippingNewline: true) }, say: { Output.prompt($0) })
        var questions = SiteInterview(
            interview, profiles: library, serialPorts: Self.serialPorts, localZone: Self.localZone,
            today: LocalTime.zone.civil(LocalTime.now).date.text,
            isZone: { (try? ZoneRulesLoader.load(name: $0)) != nil })
        do throws(Interview.Ended) { return try questions.run() } catch {
            throw CommandFailure(
                .usage, "the answers end at \"\(error.question)\"; nothing is written")
        }
    }

    private func refuseUnwritable() throws {
        guard site != "-" else { return }
        var isFolder: ObjCBool = false
        let isThere = unsafe FileManager.default.fileExists(atPath: site, isDirectory: &isFolder)
        guard !isFolder.boolValue else {
            throw CommandFailure(.usage, "\(site) is a folder", hint: "the name of a file in it")
        }
        guard force || !isThere else {
            throw CommandFailure(
                .refused, "\(site) is there already", hint: "another file, or --force to replace it")
        }
        let folder = URL(filePath: site).deletingLastPathComponent().path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        } catch {
            throw CommandFailure(.notAllowed, "\(folder) cannot be made", hint: "sudo, or another file")
        }
        guard FileManager.default.isWritableFile(atPath: isThere ? site : folder) else {
            throw CommandFailure(
                .notAllowed, "\(site) cannot be written", hint: "sudo, or another file")
        }
    }

    /// Written in place, so that a link stays one; the service's user has to read it whatever the umask says.
    private func write(_ text: String) throws {
        let descriptor = unsafe open(site, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard descriptor >= 0, fchmod(descriptor, 0o644) == 0,
            (try? handle.write(contentsOf: Data(text.utf8))) != nil, fsync(descriptor) == 0
        else {
            Output.bytes(Array(text.utf8))
            throw CommandFailure(
                .data,
                "\(site) cannot be written: \(errorText(errno)); what would stand there is printed above")
        }
    }

    /// By the names that stay when adapters change places.
    private static var serialPorts: [String] {
        let folder = "/dev/serial/by-id"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }

    private static var localZone: String {
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/etc/localtime")) ?? ""
        guard let range = link.range(of: "zoneinfo/"), link[range.upperBound...].contains("/") else {
            return "Asia/Shanghai"
        }
        let name = String(link[range.upperBound...])
        return name.hasPrefix("Etc/") ? "Asia/Shanghai" : name
    }
}
