// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseCore
internal import Glibc
internal import Synchronization

/// A real MQTT broker, mosquitto, on a port of this machine that was free. `settings`: lines of mosquitto.conf(5).
package final class Broker: Sendable {
    package let port: UInt16
    private let folder: String
    private let settings: String
    private let program = Mutex<ChildProgram?>(nil)

    private static let path = "/usr/sbin/mosquitto"

    /// Started when it is back.
    package init(folder: String, settings: String = "allow_anonymous true") throws {
        guard let port = PlainHTTP.freePort() else { throw TwinError("no port is free") }
        self.port = port
        self.folder = folder
        self.settings = settings
        try start()
    }

    deinit { kill(SIGKILL) }

    package func start() throws {
        let file = TextFile("\(folder)/mosquitto-\(port).conf")
        // Started by root it would read its files as another user.
        try file.write("listener \(port) 127.0.0.1\nuser root\n\(settings)\n")
        let log = TextFile("\(folder)/mosquitto-\(port).log")
        let child = try log.appending { descriptor in
            try ChildProgram.start(
                Self.path, ["-v", "-c", file.path], output: descriptor, errors: descriptor)
        }
        program.withLock { $0 = child }
        try waiting(for: "the broker", within: .seconds(10)) {
            guard child.isRunning else { throw TwinError("the broker ended: \(log.lastLines(3))") }
            return PlainHTTP.isOpen(port) ? true : nil
        }
    }

    package func kill(_ signal: Int32) {
        guard let child = program.withLock({ $0 }) else { return }
        child.kill(signal)
        if signal == SIGKILL || signal == SIGTERM { _ = child.wait(within: .seconds(5)) }
    }

    package var log: TextFile { TextFile("\(folder)/mosquitto-\(port).log") }

    /// A subscriber of another make, mosquitto_sub, with what it received.
    package func subscribe(_ topic: String = "gatehouse/#", _ options: [String] = []) throws -> Subscriber {
        try Subscriber(port: port, topic: topic, options: options, folder: folder)
    }
}

/// Everything that came under a topic, one CloudEvent per line.
package final class Subscriber: Sendable {
    private let child: ChildProgram
    private let output: TextFile

    fileprivate init(port: UInt16, topic: String, options: [String], folder: String) throws {
        let id = "watcher-\(TwinClock.uptime().nanoseconds)"
        output = TextFile("\(folder)/\(id).jsonl")
        let errors = TextFile("\(folder)/\(id).err")
        let words =
            ["-V", "mqttv5", "-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-i", id, "-c", "-x", "3600"]
            + ["-t", topic, "-d"] + options
        child = try output.appending { out in
            try errors.appending { err in
                // Line by line, or the file would come to be seen late.
                try ChildProgram.start(
                    "/usr/bin/stdbuf", ["-oL", "/usr/bin/mosquitto_sub"] + words, output: out, errors: err)
            }
        }
        try waiting(for: "the subscription", within: .seconds(10)) {
            (output.text + errors.text).contains("SUBACK") ? true : nil
        }
    }

    deinit { stop() }

    package func stop() { child.kill(SIGKILL) }

    package var lines: [String] {
        output.text.split(separator: "\n").filter { $0.hasPrefix("{") }.map(String.init)
    }

    /// Record numbers in the order of their arrival.
    package var numbers: [Int64] { lines.compactMap(Self.number) }

    private static func number(_ line: String) -> Int64? {
        guard let start = line.range(of: "\"sequence\":\"")?.upperBound else { return nil }
        return Int64(line[start...].prefix { $0.isNumber })
    }
}
