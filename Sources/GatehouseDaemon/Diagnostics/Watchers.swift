// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseTransport
internal import Synchronization

/// Connections that follow the records as they are made. A slow one is told how many lines it missed; nobody
/// waits for it. Each connection watches once, so there are never more than `Clients` lets in.
final class Watchers: Sendable {
    private struct Watcher: Sendable {
        var id: Int
        var connection: LineConnection
        var authority: Authority
        var missed = 0
    }

    private static let bound = 256
    private let state = Mutex<[Watcher]>([])

    /// False when it watches already.
    func add(_ connection: LineConnection, request id: Int, _ authority: Authority) -> Bool {
        state.withLock { watchers in
            guard !watchers.contains(where: { $0.connection === connection }) else { return false }
            watchers.append(Watcher(id: id, connection: connection, authority: authority))
            return true
        }
    }

    var count: Int { state.withLock { $0.count } }

    func remove(_ connection: LineConnection) {
        state.withLock { $0.removeAll { $0.connection === connection } }
    }

    func publish(_ records: [Record]) {
        state.withLock { watchers in
            guard !watchers.isEmpty else { return }
            for record in records {
                let line = EventLine(StoredRecord(record))
                let (whole, seen) = (line.json, line.asSeen(by: .observe))
                let withheld = seen == line ? whole : seen.json
                for index in watchers.indices {
                    let event = watchers[index].authority == .observe ? withheld : whole
                    Self.send(event, to: &watchers[index])
                }
            }
        }
    }

    private static func send(_ event: [UInt8], to watcher: inout Watcher) {
        guard watcher.connection.backlog < bound else {
            watcher.missed += 1
            return
        }
        if watcher.missed > 0 {
            let missed = WatchItem.missed(watcher.missed).json
            watcher.connection.send(DiagnosticProtocol.line(id: watcher.id, .event(missed)))
            watcher.missed = 0
        }
        watcher.connection.send(DiagnosticProtocol.line(id: watcher.id, .event(event)))
    }
}
