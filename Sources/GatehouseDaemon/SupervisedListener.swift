// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine
internal import GatehouseTransport
internal import GatehouseWire
internal import Synchronization

/// A bound listener.
protocol Listening: Sendable {
    func close() async
    /// Ends when it is closed, by us or by the system.
    func closed() async
}

extension HTTPPushListener: Listening {}
extension LineServer: Listening {}

/// Keeps a listener bound. One that cannot be is a fault and is tried again, by `Backoff`: a port that somebody
/// else holds must not keep the lanes from working.
final class SupervisedListener: Sendable {
    private struct State: Sendable {
        var listener: (any Listening)?
        var keeper: Task<Void, Never>?
        var isStopped = false
    }

    static let fault = PaymentChannelFault.cannotListen.rawValue

    private let service: SiteService
    private let address: String
    private let inbox: Inbox
    private let bind: @Sendable () async throws -> any Listening
    private let state = Mutex(State())

    init(
        _ service: SiteService, at address: String, inbox: Inbox,
        bind: @escaping @Sendable () async throws -> any Listening
    ) {
        self.service = service
        self.address = address
        self.inbox = inbox
        self.bind = bind
    }

    /// Returns after the first try.
    func start() async {
        await attempt()
        let keeper = Task { await keep() }
        state.withLock { $0.keeper = keeper }
    }

    func stop() async {
        let (listener, keeper) = state.withLock { state in
            state.isStopped = true
            return (state.listener, state.keeper)
        }
        keeper?.cancel()
        await listener?.close()
    }

    private func keep() async {
        var backoff = Backoff(of: "\(service.rawValue) \(address)")
        while !isStopped {
            if let listener = state.withLock({ $0.listener }) {
                backoff.reset()
                await listener.closed()
                state.withLock { $0.listener = nil }
                if !isStopped { raise("was closed by the system") }
            }
            try? await Task.sleep(for: backoff.next())
            if !isStopped { await attempt() }
        }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func attempt() async {
        do {
            let listener = try await bind()
            let isLate = state.withLock { state in
                state.listener = listener
                return state.isStopped
            }
            if isLate { await listener.close() }
            inbox.offer(.site(.service(service, .faultCleared(code: Self.fault))))
        } catch {
            raise("cannot be opened: \(error)")
        }
    }

    private func raise(_ why: String) {
        let detail = "\(address) \(why); it is tried again by itself, `ss -lntxp` says who holds it"
        inbox.offer(
            .site(
                .service(service, .faultRaised(code: Self.fault, severity: .critical, detail: detail))))
    }
}
