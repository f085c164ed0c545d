// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseCore
package import GatehouseSimulation
internal import Glibc
internal import Synchronization

/// A site of two lanes and a turnstile in twins, the real gateway beside them, and a folder of its own for everything: what
/// the demonstration and the process tests play on.
package final class TwinSite: Sendable {
    package struct Programs: Hashable, Sendable {
        /// Folder with `gatehoused` and `gatehouse-booth`; `gatehouse` beside them or the daemon under that name.
        package var folder: String
        package var siteFile: String
        package var profiles: String

        package init(folder: String, siteFile: String, profiles: String) {
            self.folder = folder
            self.siteFile = siteFile
            self.profiles = profiles
        }
    }

    package let folder: String
    package let north: RelayTwin
    package let south: RelayTwin
    package let northCamera: CameraTwin
    package let southCamera: CameraTwin
    package let northCard: DisplayTwin
    package let southCard: DisplayTwin
    package let turnstile: SerialTwin<TurnstileTwinModel>
    package let reader: SerialTwin<CardReaderModel>
    package let siteText: String
    package let cameraPort: UInt16
    private let programs: Programs
    private let daemon = Mutex<ChildProgram?>(nil)
    private let booth = Mutex<ChildProgram?>(nil)

    package var profiles: String { programs.profiles }
    package var state: String { "\(folder)/state" }
    package var socket: String { "\(folder)/gatehouse.sock" }
    package var siteFile: TextFile { TextFile("\(folder)/site.yaml") }
    package var daemonLog: TextFile { TextFile("\(folder)/gatehoused.log") }
    package var command: String { "\(folder)/bin/gatehouse" }

    /// The site file's lanes are `north` and `south` with boards at `/dev/gatehouse/relays-north` and
    /// `…-south`, displays at `/dev/gatehouse/card-north` and `…-south`, and cameras at 127.0.0.1 and 127.0.0.2; people
    /// pass at `lobby` by `/dev/gatehouse/turnstile` and `…/reader-in`. The twins' terminals take the places of those
    /// paths.
    package init(_ programs: Programs, barrier: BarrierModel.Settings) throws {
        let template = try TextFile(programs.siteFile).read()
        let base = FileManager.default.temporaryDirectory.path
        folder = "\(base)/gatehouse-\(getpid())-\(TwinClock.uptime().nanoseconds % 1_000_000_000)"
        self.programs = programs
        var wiring = LaneTwinModel.Wiring()
        south = try RelayTwin(wiring: wiring, barrier: barrier)
        wiring.fire = 6
        wiring.reset = 7
        north = try RelayTwin(wiring: wiring, barrier: barrier)
        northCard = try DisplayTwin()
        southCard = try DisplayTwin()
        turnstile = try .turnstile()
        reader = try .reader(.rdm6300)
        guard let port = PlainHTTP.freePort() else { throw TwinError("no free port at 127.0.0.1") }
        cameraPort = port
        northCamera = CameraTwin(name: "camera-north", address: "127.0.0.1", port: port)
        southCamera = CameraTwin(name: "camera-south", address: "127.0.0.2", port: port)
        siteText =
            try Self.site(template, folder: folder, port: port, north: north.path, south: south.path)
            .replacingOccurrences(of: "/dev/gatehouse/card-north", with: northCard.path)
            .replacingOccurrences(of: "/dev/gatehouse/card-south", with: southCard.path)
            .replacingOccurrences(of: "/dev/gatehouse/turnstile", with: turnstile.path)
            .replacingOccurrences(of: "/dev/gatehouse/reader-in", with: reader.path)
        do {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/bin", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try linkCommand()
            try siteFile.write(siteText)
        } catch {
            close()
            throw error
        }
        north.start()
        south.start()
        northCard.start()
        southCard.start()
        turnstile.start()
        reader.start()
    }

    /// Ends the daemon if it runs, stops the twins, removes the folder.
    package func close() {
        for program in [booth.withLock({ $0 }), daemon.withLock({ $0 })] {
            program?.kill(SIGKILL)
            _ = program?.wait(within: .seconds(2))
        }
        booth.withLock { $0 = nil }
        daemon.withLock { $0 = nil }
        north.stop()
        south.stop()
        northCard.stop()
        southCard.stop()
        turnstile.stop()
        reader.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: The daemon

    /// Exit status of a daemon that ended by itself; nil while it runs.
    package var daemonStatus: Int32? { daemon.withLock { $0?.status } }

    package var isRunning: Bool { daemon.withLock { $0?.isRunning ?? false } }

    package var daemonArguments: [String] {
        [
            "--site", siteFile.path, "--profiles", programs.profiles, "--state", state, "--socket", socket,
        ]
    }

    package var gatehoused: String { "\(programs.folder)/gatehoused" }
    package var boothProgram: String { "\(programs.folder)/gatehouse-booth" }

    /// Starts it and waits until it answers. `launcher` are the words of a program that runs it in its own
    /// place, for instance with other groups than the machine has.
    package func startDaemon(within limit: Duration = .seconds(20), through launcher: [String] = []) throws {
        let words = launcher + [gatehoused] + daemonArguments
        let started = try daemonLog.appending {
            try ChildProgram.start(words[0], Array(words.dropFirst()), output: $0, errors: $0)
        }
        daemon.withLock { $0 = started }
        try waiting(for: "the gateway's socket to answer", within: limit) { () -> Bool? in
            if let status = started.status {
                throw TwinError("gatehoused ended with \(status):\n\(daemonLog.lastLines(20))")
            }
            return try gatehouse("status", "--json").isSuccess ? true : nil
        }
    }

    /// `kill -9`: nothing is said goodbye to.
    package func killDaemon() throws {
        try end(SIGKILL)
    }

    /// As systemd stops it; returns its exit status.
    @discardableResult
    package func stopDaemon() throws -> Int32 { try end(SIGTERM) }

    package func signalDaemon(_ signal: Int32) { daemon.withLock { $0?.kill(signal) } }

    @discardableResult
    private func end(_ signal: Int32) throws -> Int32 {
        guard let running = daemon.withLock({ $0 }) else { throw TwinError("gatehoused does not run") }
        running.kill(signal)
        guard let status = running.wait(within: .seconds(10)) else {
            throw TwinError("gatehoused did not end within 10 s of signal \(signal)")
        }
        daemon.withLock { $0 = nil }
        north.freeLine()
        south.freeLine()
        northCard.freeLine()
        southCard.freeLine()
        turnstile.freeLine()
        reader.freeLine()
        return status
    }

    // MARK: The guard's page

    /// Starts it as systemd does, with the guard's password and other secrets as credentials; returns its address. The
    /// site file needs a `booth:` section.
    package func startBooth(
        guard name: String, password: String, secrets: [String: String] = [:],
        within limit: Duration = .seconds(20)
    ) throws -> String {
        let credentials = "\(folder)/credentials"
        try FileManager.default.createDirectory(
            atPath: credentials, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let typed = TextFile("\(credentials)/.typed")
        try typed.write(password + "\n")
        defer { typed.remove() }
        let made = try ChildProgram.run(
            "/bin/sh", ["-c", #""$0" password "$1" < "$2""#, boothProgram, name, typed.path],
            scratch: folder)
        guard made.isSuccess else {
            throw TwinError("gatehouse-booth password: \(made.status) \(made.errors)")
        }
        for (name, secret) in secrets.merging(["booth-guards": made.output], uniquingKeysWith: { $1 }) {
            try TextFile("\(credentials)/\(name)").write(secret)
        }
        let (said, errors) = (TextFile("\(folder)/booth.out"), TextFile("\(folder)/booth.log"))
        let words = [
            "CREDENTIALS_DIRECTORY=\(credentials)", boothProgram, "--site", siteFile.path, "--profiles",
            programs.profiles, "--socket", socket, "--port", "0",
        ]
        let started = try said.appending { out in
            try errors.appending { err in
                try ChildProgram.start("/usr/bin/env", words, output: out, errors: err)
            }
        }
        booth.withLock { $0 = started }
        return try waiting(for: "the guard's page to listen", within: limit) { () -> String? in
            if let status = started.status {
                throw TwinError("gatehouse-booth ended with \(status):\n\(errors.lastLines(20))")
            }
            return said.text.split(separator: "\n").last { $0.hasPrefix("gatehouse-booth: http") }
                .map { String($0.dropFirst(17)) }
        }
    }

    /// As systemd stops it; returns its exit status.
    @discardableResult
    package func stopBooth() throws -> Int32 {
        guard let running = booth.withLock({ $0 }) else { throw TwinError("gatehouse-booth does not run") }
        running.kill(SIGTERM)
        guard let status = running.wait(within: .seconds(10)) else {
            throw TwinError("gatehouse-booth did not end within 10 s")
        }
        booth.withLock { $0 = nil }
        return status
    }

    // MARK: The technician's command

    package func gatehouse(_ arguments: String...) throws -> ChildProgram.Finished {
        try gatehouse(arguments)
    }

    /// `launcher` are the words of a program that changes user and groups, then runs it.
    package func gatehouse(
        _ arguments: [String], through launcher: [String] = []
    ) throws -> ChildProgram.Finished {
        let words = launcher + [command] + arguments + ["--socket", socket]
        return try ChildProgram.run(words[0], Array(words.dropFirst()), scratch: folder)
    }

    /// Without the daemon.
    package func offline(_ arguments: String...) throws -> ChildProgram.Finished {
        try offline(arguments)
    }

    package func offline(_ arguments: [String]) throws -> ChildProgram.Finished {
        try ChildProgram.run(command, arguments, scratch: folder)
    }

    package func records() throws -> [TwinRecord] {
        var all: [TwinRecord] = []
        var after: Int64 = 0
        while true {
            let answer = try gatehouse("events", "--json", "--after", "\(after)", "--limit", "5000")
            guard answer.isSuccess else { throw TwinError("gatehouse events failed: \(answer.errors)") }
            let page = TwinRecord.read(answer.output)
            all += page
            guard page.count >= 5000, let last = page.last else { return all }
            after = last.number
        }
    }

    private func linkCommand() throws {
        let beside = "\(programs.folder)/gatehouse"
        let target = FileManager.default.fileExists(atPath: beside) ? beside : gatehoused
        let absolute = URL(fileURLWithPath: target).resolvingSymlinksInPath().path
        guard FileManager.default.fileExists(atPath: absolute) else {
            throw TwinError("no program \(target)")
        }
        try FileManager.default.createSymbolicLink(atPath: command, withDestinationPath: absolute)
    }

    private static func site(
        _ template: String, folder: String, port: UInt16, north: String, south: String
    ) throws -> String {
        for path in ["/dev/gatehouse/relays-north", "/dev/gatehouse/relays-south"]
        where !template.contains(path) {
            throw TwinError("the site file names no board at \(path)")
        }
        return template.replacingOccurrences(of: "/dev/gatehouse/relays-north", with: north)
            .replacingOccurrences(of: "/dev/gatehouse/relays-south", with: south) + """

                journal: {folder: \(folder)/state}
                network: {camera_listener: "127.0.0.1:\(port)", diagnostics_socket: \(folder)/gatehouse.sock}

                """
    }
}
