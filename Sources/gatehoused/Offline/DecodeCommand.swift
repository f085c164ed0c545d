// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GatehouseDrivers

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Read captured bytes as a driver would; needs no daemon.",
        discussion: """
            A whole HTTP request or a bare body. One JSON object per event and line. Ends with 65 and the \
            offset for bytes that cannot be read.
            """)

    @Argument(help: "Name of the driver.", completion: .list(PlateDecoding.drivers)) var driver: String
    @Argument(help: "File; standard input when left out or \"-\".") var file = "-"
    /// What it prints is JSON in any case; taken so that every command takes it.
    @OptionGroup var output: JSONOption

    func run() throws {
        guard PlateDecoding.drivers.contains(driver) else {
            throw CommandFailure(
                .notFound, "no driver \"\(driver)\" decodes captures",
                hint: PlateDecoding.drivers.joined(separator: ", "))
        }
        let bytes = try InputFile.bytes(file)
        do {
            for line in try PlateDecoding.jsonLines(driver: driver, bytes: bytes) {
                Output.json(Array(line.utf8))
            }
        } catch {
            throw CommandFailure(.data, "\(file == "-" ? "standard input" : file): \(error)")
        }
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
