// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GatehouseDrivers

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Read captured bytes as a driver would; needs no daemon.",
        discussion: """
            Of a camera a whole HTTP request or a bare body, of a card reader the bytes of its line. One JSON object \
            per event or frame and line. Ends with 65 and the offset for bytes that cannot be read.
            """)

    @Argument(help: "Name of the driver.", completion: .list(drivers)) var driver: String
    @Argument(help: "File; standard input when left out or \"-\".") var file = "-"
    /// What it prints is JSON in any case; taken so that every command takes it.
    @OptionGroup var output: JSONOption

    private static let drivers = PlateDecoding.drivers + CardDecoding.drivers

    func run() throws {
        guard Self.drivers.contains(driver) else {
            throw CommandFailure(
                .notFound, "no driver \"\(driver)\" decodes captures",
                hint: Self.drivers.joined(separator: ", "))
        }
        let bytes = try InputFile.bytes(file)
        do {
            let lines =
                CardDecoding.drivers.contains(driver)
                ? try CardDecoding.jsonLines(driver: driver, bytes: bytes)
                : try PlateDecoding.jsonLines(driver: driver, bytes: bytes)
            for line in lines {
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
