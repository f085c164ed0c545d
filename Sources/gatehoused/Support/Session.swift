// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import GatehouseTransport
import Glibc

/// One conversation with the daemon: its greeting, then requests one after the other.
struct Session: ~Copyable {
    let hello: DiagnosticProtocol.Hello
    private let path: String
    private var client: LineClient
    private var lastID = 0

    init(path: String) throws {
        self.path = path
        Deadline.start(seconds: 30)
        var client = try Self.connect(path)
        let hello = try Self.greeting(of: &client, path)
        Deadline.stop()
        guard hello.version == DiagnosticProtocol.version else {
            throw CommandFailure(
                .unreachable,
                "\(path): the daemon speaks protocol \(hello.version), this command "
                    + "\(DiagnosticProtocol.version)",
                hint: "use the gatehouse command of version \(hello.program)")
        }
        self.hello = hello
        self.client = client
    }

    private static func connect(_ path: String) throws -> LineClient {
        do throws(LineClient.Failure) { return try LineClient(path: path) } catch {
            throw failure(error, path)
        }
    }

    /// The result's bytes. `events` come before it. No deadline for answers that may take long.
    mutating func ask(
        _ request: DiagnosticRequest, isPatient: Bool = false, onEvent: ([UInt8]) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        lastID += 1
        if !isPatient { Deadline.start(seconds: 30) }
        defer { Deadline.stop() }
        do {
            try client.send(DiagnosticProtocol.line(id: lastID, request))
            while true {
                let (id, reply) = try DiagnosticProtocol.reply(try client.receive())
                guard id == lastID else { continue }
                switch reply {
                case .event(let event): try onEvent(event)
                case .result(let result): return result
                case .failure(let failure): throw CommandFailure(failure)
                }
            }
        } catch let error as LineClient.Failure {
            throw Self.failure(error, path)
        } catch let error as FieldError {
            throw Self.unreadable(error, path)
        }
    }

    static func read<Result: ResultValue>(_ bytes: [UInt8], as type: Result.Type) throws -> Result {
        do throws(FieldError) { return try Result(json: bytes) } catch {
            throw unreadable(error, "the daemon")
        }
    }

    /// Who may not even look gets an error instead of the greeting.
    private static func greeting(
        of client: inout LineClient, _ path: String
    ) throws -> DiagnosticProtocol.Hello {
        let line: [UInt8]
        do throws(LineClient.Failure) { line = try client.receive() } catch { throw failure(error, path) }
        if let hello = try? DiagnosticProtocol.hello(line) { return hello }
        if case .failure(let refusal) = try? DiagnosticProtocol.reply(line).reply {
            throw CommandFailure(refusal)
        }
        throw CommandFailure(.unreachable, "\(path): whoever listens there is not gatehoused")
    }

    private static func unreadable(_ error: FieldError, _ path: String) -> CommandFailure {
        CommandFailure(
            .data, "\(path): the answer cannot be read: \(error)",
            hint: "the same version of gatehouse and gatehoused")
    }

    private static func failure(_ failure: LineClient.Failure, _ path: String) -> CommandFailure {
        switch failure {
        case .closed:
            CommandFailure(.unreachable, "\(path): the daemon hung up", hint: "journalctl -u gatehouse -n 50")
        case .unreachable(let path, let why) where why == errorText(EACCES):
            CommandFailure(
                .notAllowed, "\(path): \(why)",
                hint: "join the group: usermod -aG gatehouse USER, then log in again")
        case .unreachable(let path, let why):
            CommandFailure(
                .unreachable, "\(path): no daemon: \(why)",
                hint: "systemctl status gatehouse, or --socket with another path")
        }
    }
}
