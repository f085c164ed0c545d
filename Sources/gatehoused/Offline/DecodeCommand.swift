// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDrivers

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Read captured bytes as a driver would; needs no daemon.",
        discussion: """
            Of a camera a whole HTTP request or a bare body, of a card reader the bytes of its line. One JSON object \
            per event or frame and line. Ends with 65 and the offset for bytes that cannot be read.
            """)

    @Argument(
        help: "Name of a driver, or of a hardware profile, whose settings then count.",
        completion: .list(drivers))
    var driver: String
    @Argument(help: "File; standard input when left out or \"-\".") var file = "-"
    @Option(help: ArgumentHelp("Folder of hardware profiles.", valueName: "folder"), completion: .directory)
    var profiles = Paths.profiles
    /// What it prints is JSON in any case; taken so that every command takes it.
    @OptionGroup var output: JSONOption

    private static let drivers = PlateDecoding.drivers + CardDecoding.drivers

    func run() throws {
        let (name, settings) = try meant()
        let bytes = try InputFile.bytes(file)
        let source = file == "-" ? "standard input" : file
        let lines: [String]
        do {
            lines =
                CardDecoding.drivers.contains(name)
                ? try CardDecoding.jsonLines(driver: name, bytes: bytes, settings: settings)
                : try PlateDecoding.jsonLines(driver: name, bytes: bytes)
        } catch {
            throw CommandFailure(.data, "\(source): \(error)")
        }
        guard !lines.isEmpty else {
            throw CommandFailure(
                .data, "\(source): nothing that \(driver) understands in \(bytes.count) bytes",
                hint: "another framing is another profile: `gatehouse decode PROFILE FILE`")
        }
        for line in lines { Output.json(Array(line.utf8)) }
    }

    private func meant() throws -> (driver: String, settings: Table<String, String>) {
        if Self.drivers.contains(driver) { return (driver, Table()) }
        let library = ProfileLibrary(folder: profiles, drivers: DriverCatalog.descriptions)
        if library.isEmpty, let issue = library.issues.first {
            throw CommandFailure(
                .notFound, "no driver \"\(driver)\", and \(issue.file): \(issue.message)", hint: issue.hint)
        }
        guard let profile = library.profile(driver), let name = profile.driver, Self.drivers.contains(name)
        else {
            throw CommandFailure(
                .notFound, "no driver or profile \"\(driver)\" decodes captures",
                hint: Self.drivers.joined(separator: ", "))
        }
        return (name, profile.settings)
    }
}

enum InputFile {
    static func bytes(_ path: String) throws -> [UInt8] {
        if path == "-" { return try FileReading.standardInput() }
        do { return Array(try Data(contentsOf: URL(filePath: path))) } catch {
            throw CommandFailure(.data, "\(path): cannot be read", hint: "ls -l \(path)")
        }
    }
}
