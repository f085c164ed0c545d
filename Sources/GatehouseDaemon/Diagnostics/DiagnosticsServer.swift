// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseTransport
internal import Glibc
internal import Synchronization

/// The technician's socket: greets, checks authority by the peer's groups, answers each request with exactly
/// one result or error.
final class DiagnosticsServer: LineService {
    private let gateway: Gateway
    private let clients = Mutex(Clients())

    init(gateway: Gateway) { self.gateway = gateway }

    func connected(_ connection: LineConnection) {
        guard let authority = Self.authority(of: connection.peer) else {
            let why = "user \(connection.peer.userName) is in none of the groups gatehouse, gatehouse-guard, "
            let failure = DiagnosticProtocol.Failure(
                code: "not_allowed", message: "\(why)gatehouse-tech",
                hint: "adduser \(connection.peer.userName) gatehouse")
            connection.send(DiagnosticProtocol.line(id: 0, .failure(failure)))
            return connection.close()
        }
        if let full = clients.withLock({ $0.enter(connection) }) {
            connection.send(DiagnosticProtocol.line(id: 0, .failure(full)))
            return connection.close()
        }
        connection.send(
            DiagnosticProtocol.line(
                DiagnosticProtocol.Hello(
                    version: DiagnosticProtocol.version, program: Version.text, site: gateway.currentPlan.id,
                    authority: authority)))
    }

    func received(_ line: [UInt8], from connection: LineConnection) {
        do throws(FieldError) {
            handle(try DiagnosticProtocol.question(line), connection)
        } catch {
            let failure = DiagnosticProtocol.Failure(
                code: "bad_request", message: "\(error)", hint: "the protocol is in diagnostics-protocol.md")
            connection.send(DiagnosticProtocol.line(id: Self.id(of: line), .failure(failure)))
        }
    }

    func disconnected(_ connection: LineConnection) {
        gateway.watchers.remove(connection)
        clients.withLock { $0.leave(connection) }
    }

    private func handle(_ question: DiagnosticProtocol.Question, _ connection: LineConnection) {
        let (id, request) = (question.id, question.request)
        let authority = Self.authority(of: connection.peer)
        guard let authority, authority >= request.authority else {
            let failure = DiagnosticProtocol.Failure(
                code: "not_allowed",
                message:
                    "\(request.name) is for \(request.authority.rawValue)s, group \(request.authority.group)",
                hint: "adduser \(connection.peer.userName) \(request.authority.group)")
            return connection.send(DiagnosticProtocol.line(id: id, .failure(failure)))
        }
        if case .watch = request {
            guard !gateway.watchers.add(connection, request: id, authority) else { return }
            let failure = DiagnosticProtocol.Failure(
                code: "busy", message: "this connection watches already",
                hint: "another watch is another connection")
            return connection.send(DiagnosticProtocol.line(id: id, .failure(failure)))
        }
        if let busy = clients.withLock({ $0.begin(connection) }) {
            return connection.send(DiagnosticProtocol.line(id: id, .failure(busy)))
        }
        let user = connection.peer.userName
        // Who vouches for a name is recorded with it.
        let by =
            question.person.map { Operator(channel: "via \(user)", name: $0) }
            ?? Operator(channel: "socket", name: user)
        let handler = RequestHandler(gateway: gateway, by: by, authority: authority) { events in
            await connection.deliver(events.flatMap { DiagnosticProtocol.line(id: id, .event($0)) })
        }
        Task {
            let reply: DiagnosticProtocol.Reply
            do throws(DiagnosticProtocol.Failure) {
                reply = .result(try await handler.answer(request))
            } catch {
                reply = .failure(error)
            }
            // Answered is what the other end took: who asks and does not read asks no more.
            connection.send(DiagnosticProtocol.line(id: id, reply)) { [self] in
                clients.withLock { $0.end(connection) }
            }
        }
    }

    private static func id(of line: [UInt8]) -> Int {
        guard let fields = try? Fields(line), let id = try? fields.int("id") else { return 0 }
        return id
    }

    /// Root and the daemon's own user may all; others by the highest of their groups.
    private static func authority(of peer: PeerCredentials) -> Authority? {
        if peer.uid == 0 || peer.uid == getuid() { return .technician }
        return Authority.allCases.last { peer.isMember(of: $0.group) }
    }
}
