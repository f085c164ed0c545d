// SPDX-License-Identifier: Apache-2.0

import Foundation
@testable import GatehouseDaemon
import GatehouseCore
import GatehouseEngine
import GatehouseTwins
import Glibc
import NIOPosix
import Synchronization
import Testing

/// The relay driver against a board that others wrote: pymodbus's server, a real tty in between. The twin of
/// this project could share a misunderstanding with the driver; pymodbus does not.
@Suite(.serialized) struct PymodbusTests {
    @Test func `outputs pulse and inputs arrive through a foreign Modbus server`() async throws {
        let peer = try ForeignBoard()
        defer { peer.kill() }
        let path = try #require(await peer.line { $0.hasPrefix("tty ") }).dropFirst(4)
        let bench = Bench(path: String(path))
        bench.service.start()

        // Both inputs are known, as off, after two equal samples.
        #expect(await bench.level(of: 1) == .off)
        peer.say("input 1 1")
        #expect(await bench.level(of: 1) == .on)

        bench.service.perform(bench.command(.pulse(.milliseconds(300))))
        #expect(await peer.line { $0 == "coil 1 1" } != nil)
        #expect(await peer.line { $0 == "coil 1 0" } != nil)
        #expect(await bench.outcome { if case .confirmed = $0 { true } else { false } })

        bench.service.perform(bench.command(.on))
        #expect(await peer.line { $0 == "coil 1 1" } != nil)
        // An orderly stop leaves no contact closed.
        await bench.service.stop()
        #expect(await peer.line { $0 == "coil 1 0" } != nil)
    }
}

private struct SilentBell: Doorbell { func ring() {} }

/// A relay service with its inbox, on its own event loop.
private struct Bench: Sendable {
    let inbox = Inbox(bell: SilentBell())
    let service: BoardService
    private let clock = SystemClock()

    init(path: String) {
        var plan = SitePlan(id: "peer")
        plan.areas = [AreaPlan(name: "main")]
        var settings = Table<String, String>()
        settings["inputs"] = "8"
        settings["flash_base"] = "-1"
        plan.devices = [
            DevicePlan(
                name: "board", profile: "generic", driver: "modbus-relay", address: path, settings: settings)
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .guard)]
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.inputs = [
            InputWire(
                terminal: Terminal(DeviceID(0), 1), meaning: .lane(LaneID(0), .presence),
                contact: .normallyOpen,
                source: .modbus, staleAfter: .seconds(2))
        ]
        service = BoardService(
            device: DeviceID(0), plan: plan, holding: [],
            loop: MultiThreadedEventLoopGroup.singleton.next(), clock: clock, inbox: inbox,
            captures: CaptureRing())
    }

    func command(_ action: OutputAction) -> DeviceCommand {
        DeviceCommand(
            id: DeviceCommand.ID(7), lane: LaneID(0), output: .open, terminal: Terminal(DeviceID(0), 1),
            action: action, commandClass: .safety, expires: nil, record: Sequence(1), cause: "test")
    }

    func level(of channel: Int) async -> Level? {
        await wait {
            for case .site(.input(Terminal(DeviceID(0), channel), let level, _)) in inbox.take() {
                return level
            }
            return nil
        }
    }

    func outcome(_ isWanted: (CommandOutcome) -> Bool) async -> Bool {
        await wait {
            for case .site(.command(_, let outcome)) in inbox.take() where isWanted(outcome) { return true }
            return nil
        } ?? false
    }
}

/// A cold Python beside the whole test run has taken ten seconds to speak.
private func wait<Value>(_ look: () -> Value?) async -> Value? {
    try? await awaiting("pymodbus", within: .seconds(60), look)
}

/// The Python process that runs pymodbus.
private final class ForeignBoard: Sendable {
    private let process: Process
    private let input = Pipe()
    private let lines = Mutex<[String]>([])

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let peers =
            ProcessInfo.processInfo.environment["GATEHOUSE_PEERS"]
            ?? folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".deps-python")
            .path()
        let python = "\(peers)/bin/python"
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "no \(python): `make deps` installs pymodbus there")
        process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-W", "ignore", folder.appending(path: "modbus_peer.py").path()]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        Thread { @Sendable [self] in
            var pending = Data()
            while true {
                let chunk = output.fileHandleForReading.availableData
                if chunk.isEmpty { return }
                pending += chunk
                while let end = pending.firstIndex(of: 0x0A) {
                    let line = String(decoding: pending[..<end], as: UTF8.self)
                    pending = Data(pending[pending.index(after: end)...])
                    lines.withLock { $0.append(line) }
                }
            }
        }.start()
    }

    func say(_ line: String) { input.fileHandleForWriting.write(Data("\(line)\n".utf8)) }

    /// Takes lines until the wanted one.
    func line(_ isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await wait {
            self.lines.withLock { lines in
                guard let index = lines.firstIndex(where: isWanted) else { return nil }
                let found = lines[index]
                lines.removeFirst(index + 1)
                return found
            }
        }
    }

    func kill() { Glibc.kill(process.processIdentifier, SIGKILL) }
}
