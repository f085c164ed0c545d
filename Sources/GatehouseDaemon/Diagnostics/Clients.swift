// SPDX-License-Identifier: Apache-2.0

internal import GatehouseDiagnostics
internal import GatehouseTransport

/// Who is connected to the technician's socket, within bounds: beyond them a caller is refused in words, and one
/// user cannot take the places of all.
struct Clients: Sendable {
    static let maximum = 32
    static let perUser = 16
    /// Requests of one connection that are not answered yet.
    static let requests = 8

    private struct Client: Sendable {
        var connection: LineConnection
        var underway = 0
    }

    private var clients: [Client] = []

    /// nil: welcome.
    mutating func enter(_ connection: LineConnection) -> DiagnosticProtocol.Failure? {
        let peer = connection.peer
        let own = clients.count { $0.connection.peer.uid == peer.uid }
        guard clients.count < Self.maximum, own < Self.perUser else {
            return DiagnosticProtocol.Failure(
                code: "busy",
                message:
                    "\(clients.count) clients are connected, \(own) of them by user \(peer.userName); the "
                    + "limits are \(Self.maximum) and \(Self.perUser)",
                hint: "end another `gatehouse` command")
        }
        clients.append(Client(connection: connection))
        return nil
    }

    mutating func leave(_ connection: LineConnection) {
        clients.removeAll { $0.connection === connection }
    }

    /// nil: the request may be worked on.
    mutating func begin(_ connection: LineConnection) -> DiagnosticProtocol.Failure? {
        guard let index = clients.firstIndex(where: { $0.connection === connection }) else { return nil }
        guard clients[index].underway < Self.requests else {
            return DiagnosticProtocol.Failure(
                code: "busy", message: "\(Self.requests) requests of this connection wait already",
                hint: "read the answers first")
        }
        clients[index].underway += 1
        return nil
    }

    mutating func end(_ connection: LineConnection) {
        guard let index = clients.firstIndex(where: { $0.connection === connection }) else { return }
        clients[index].underway -= 1
    }
}
