// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "A device's newest bytes as they came.",
        discussion: """
            To a file with --output, else to standard output:
              gatehouse capture camera-north | gatehouse decode hikvision-isapi
            """)

    @Argument(help: "Name of the device, as in the site file.") var device: String
    @Option(help: ArgumentHelp("File to write the bytes to.", valueName: "file"), completion: .file())
    var output: String?
    @OptionGroup var options: SocketOptions

    func run() throws {
        var session = try Session(path: options.socket)
        let answer = try session.ask(.capture(device: device), isPatient: true)
        if options.output.json { return Output.json(answer) }
        let result = try Session.read(answer, as: CaptureResult.self)
        guard let output else {
            guard !Output.isTerminal else {
                throw CommandFailure(
                    .usage, "\(result.bytes.count) bytes of \(result.format) are nothing for a terminal",
                    hint: "--output FILE, or | gatehouse decode DRIVER")
            }
            return Output.bytes(result.bytes)
        }
        do { try Data(result.bytes).write(to: URL(filePath: output)) } catch {
            throw CommandFailure(.data, "\(output): cannot be written: \(error)")
        }
        Output.error("\(output): \(result.bytes.count) bytes, \(result.format), \(result.at.rfc3339)")
    }
}

struct PicturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pictures", abstract: "What the cameras saw of a read, a passage or a stay.",
        discussion: "With --save the pictures themselves, each under the name of its SHA-256; for guards.")

    @Argument(help: "Number of the record.") var record: Int64
    @Option(help: ArgumentHelp("Folder to save them in.", valueName: "folder"), completion: .directory)
    var save: String?
    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(.sights(record), as: SightsResult.self) { SightText.text($0, zone: LocalTime.zone) }
        guard let save else { return }
        var session = try Session(path: options.socket)
        let sights = try Session.read(try session.ask(.sights(record)), as: SightsResult.self)
        for image in (sights.entry?.images ?? []) + (sights.exit?.images ?? []) {
            let picture = try Session.read(try session.ask(.picture(image.sha256)), as: PictureResult.self)
            let path = "\(save)/\(image.sha256).jpg"
            do { try Data(picture.bytes).write(to: URL(filePath: path)) } catch {
                throw CommandFailure(.data, "\(path): cannot be written: \(error)")
            }
            Output.error("\(path): \(picture.bytes.count) bytes")
        }
    }
}

struct CompletionCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Script that completes this command in a shell.",
        discussion: "gatehouse completion bash > /etc/bash_completion.d/gatehouse")

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Output.line(GatehouseCommand.completionScript(for: shell))
    }
}
