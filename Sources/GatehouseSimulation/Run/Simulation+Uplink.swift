// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSync

/// The outbox pump between the disk and the far end, as the uplink's thread drives it, without threads and sockets.
extension Simulation {
    func startUplink() {
        guard let mine = gateway else { return }
        upstream.hangUp()
        var settings = OutboxPump.Settings()
        settings.name = "estate-\(options.seed)"
        mine.outbox = OutboxPump(
            settings, cursor: disk.cursor, durable: Sequence(disk.last), at: mine.uptime(now))
        planUplink()
    }

    func tellUplink(_ event: OutboxPump.Event) {
        guard let mine = gateway else { return }
        let effects = mine.outbox?.step(event, at: mine.uptime(now)) ?? []
        for effect in effects { perform(effect) }
        planUplink()
    }

    func uplinkTime(_ run: Int, _ at: Uptime) {
        guard let mine = gateway, mine.incarnation == run, mine.outboxWakeAt == at else { return }
        mine.outboxWakeAt = nil
        tellUplink(.time)
    }

    private func planUplink() {
        guard let mine = gateway, let due = mine.outbox?.nextDeadline.map(mine.world) else { return }
        if let planned = mine.outboxWakeAt, planned <= due, planned > now { return }
        let at = max(due, now)
        mine.outboxWakeAt = at
        agenda.plan(.uplinkTime(mine.incarnation, at: at), at: at)
    }

    private func later(_ milliseconds: ClosedRange<Int>, _ event: OutboxPump.Event, of connection: Int = 0) {
        guard let run = gateway?.incarnation else { return }
        agenda.plan(
            .uplinkHears(run, connection: connection, event), at: now + line.milliseconds(milliseconds))
    }

    /// Of a process or connection that is gone nothing is heard.
    func uplinkHears(_ run: Int, _ connection: Int, _ event: OutboxPump.Event) {
        guard gateway?.incarnation == run else { return }
        guard connection == 0 || connection == upstream.connection else { return }
        if case .ended = event { upstream.hangUp() }
        tellUplink(event)
    }

    private func perform(_ effect: OutboxPump.Effect) {
        switch effect {
        case .connect:
            let connection = upstream.connect()
            if upstream.isDark {
                later(5...3000, .ended("no route to host"), of: connection)
            } else {
                later(20...400, .connected(window: line.pick([100, 20, 3])), of: connection)
            }
        case .disconnect: upstream.hangUp()
        case .read(let after, let limit):
            let first = Int(after.number)
            let end = min(disk.durable.count, first + limit)
            let found = first < end ? disk.durable[first..<end].map { Self.outboxRecord($0.record) } : []
            tellUplink(.records(found))
        case .publish(let one): publish(one.record.sequence)
        case .storeCursor(let sequence):
            let isDurable = disk.trouble == .none
            if isDurable { disk.cursor = saboteur.cursor(sequence) }
            later(3...25, .cursorStored(sequence, isDurable: isDurable))
        case .setAside(let sequence, let why): setAside(sequence, why)
        case .raise(let fault, let detail):
            let event = DeviceEvent.faultRaised(code: fault.rawValue, severity: .warning, detail: detail)
            gateway?.inbox.offer(.site(.service(.uplink, event)))
        case .clear(let fault):
            gateway?.inbox.offer(.site(.service(.uplink, .faultCleared(code: fault.rawValue))))
        }
    }

    private static func outboxRecord(_ record: Record) -> OutboxRecord {
        OutboxRecord(record: StoredRecord(record), salt: nil, hash: [])
    }

    private func publish(_ sequence: Sequence) {
        let connection = upstream.connection
        guard connection != 0, connection != upstream.cut else { return }
        if upstream.isDark || line.below(100) < upstream.cutsPerHundred {
            // The message may have arrived all the same: its receipt is what is lost.
            if !upstream.isDark, line.chance(1, in: 2) { arrives(sequence) }
            upstream.cut = connection
            return later(1...200, .ended("cut"), of: connection)
        }
        if upstream.refuses || connection == upstream.refusing {
            upstream.refusing = connection
            return later(5...60, .answered(sequence, .refused("not authorised")), of: connection)
        }
        if Upstream.refusesAlone(sequence.number) {
            return later(5...60, .answered(sequence, .refusedAlone("too large")), of: connection)
        }
        arrives(sequence)
        later(5...60, .answered(sequence, .accepted), of: connection)
    }

    private func arrives(_ sequence: Sequence) {
        guard !upstream.refuses, upstream.connection != upstream.refusing,
            !Upstream.refusesAlone(sequence.number)
        else { return }
        if let problem = upstream.arrived(sequence.number) { checkers.report("S6", problem, at: now) }
    }

    private func setAside(_ sequence: Sequence, _ why: String) {
        guard let reply = gateway?.newReply() else { return }
        gateway?.asides[reply.number] = sequence
        gateway?.inbox.offer(.site(.housekeeping(.recordSetAside(sequence, why: why), reply: reply)))
    }

    /// The record that says so is durable, or is not.
    func setAsideAnswered(_ sequence: Sequence, isDurable: Bool) {
        tellUplink(.setAside(sequence, isDurable: isDurable))
    }
}
