// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import Logging
internal import NIOCore
internal import Synchronization

/// The way to the daemon, found again whenever it was lost.
final class DaemonLink: Sendable {
    /// Of the daemon's eight per connection; the watch and a spare stay free.
    private static let underway = 6
    /// Further ones are told that it is busy.
    private static let waiting = 64

    private struct State: Sendable {
        var connection: DaemonConnection?
        var underway = 0
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private let path: String
    private let group: any EventLoopGroup
    private let logger: Logger
    private let state = Mutex(State())

    init(path: String, group: any EventLoopGroup, logger: Logger) {
        self.path = path
        self.group = group
        self.logger = logger
    }

    /// nil: not connected.
    var hello: DiagnosticProtocol.Hello? { state.withLock { $0.connection }?.hello }

    /// Until cancelled. `changed` is called when the connection comes or goes, `watched` with what is recorded.
    func run(
        watched: @escaping @Sendable (WatchItem) -> Void, changed: @escaping @Sendable (Bool) -> Void
    ) async {
        var last = ""
        while !Task.isCancelled {
            do {
                let connection = try await DaemonConnection.open(path, group: group, watched: watched)
                logger.notice("connected to \(path)")
                last = ""
                state.withLock { $0.connection = connection }
                changed(true)
                await withTaskCancellationHandler {
                    await connection.closed()
                } onCancel: {
                    connection.close()
                }
                state.withLock { $0.connection = nil }
                changed(false)
                if !Task.isCancelled { logger.warning("the gateway hung up") }
            } catch {
                let why =
                    (error as? Failure).map { [$0.message, $0.hint ?? ""].joined(separator: "; ") }
                    ?? "\(error)"
                if why != last { logger.warning("\(path): \(why)") }
                last = why
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    func ask(
        _ request: DiagnosticRequest, for person: String? = nil, within limit: Duration = .seconds(5)
    ) async throws(Failure) -> DaemonConnection.Answer {
        try await enter()
        defer { leave() }
        guard let connection = state.withLock({ $0.connection }) else {
            throw Failure(code: "busy", message: "the gateway does not answer")
        }
        return try await connection.ask(request, for: person, within: limit)
    }

    func ask<Result: ResultValue>(
        _ request: DiagnosticRequest, for person: String? = nil, within limit: Duration = .seconds(5),
        as type: Result.Type
    ) async throws(Failure) -> Result {
        let answer = try await ask(request, for: person, within: limit)
        do { return try Result(json: answer.result) } catch {
            throw Failure(code: "internal", message: "the gateway's answer cannot be read: \(error)")
        }
    }

    func events(_ query: EventQuery) async throws(Failure) -> [EventLine] {
        try await ask(.events(query)).events.compactMap { try? EventLine(json: $0) }
    }

    private enum Entry { case now, later, never }

    private func enter() async throws(Failure) {
        let isLetIn = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let entry = state.withLock { state -> Entry in
                if state.underway < Self.underway {
                    state.underway += 1
                    return .now
                }
                guard state.waiting.count < Self.waiting else { return .never }
                state.waiting.append(continuation)
                return .later
            }
            switch entry {
            case .now: continuation.resume(returning: true)
            case .later: break
            case .never: continuation.resume(returning: false)
            }
        }
        guard isLetIn else {
            throw Failure(code: "busy", message: "\(Self.waiting) requests wait for the gateway already")
        }
    }

    /// The place goes to who waits longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.underway -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: true)
    }
}
