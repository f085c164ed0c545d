// SPDX-License-Identifier: Apache-2.0

/// Outputs that safety keeps on until they are ordered otherwise. The order goes to the board again and again
/// (`lanes.md` §5.3, `hold_refresh`) and stands on record once: the journal of a release that lasts a month is not
/// a count of its repetitions. It is written anew when the output, its cause or its class changes, or its board was
/// out of order; what became of it, when that differs from what became of it before.
struct StandingOrders: Sendable {
    private struct Order: Sendable {
        let fact: BarrierCommandFact
        let record: Sequence
        var outcome: String?
    }

    private var orders = Table<Terminal, Order>()

    /// The record that says this already.
    func record(of fact: BarrierCommandFact, at terminal: Terminal) -> Sequence? {
        guard let order = orders[terminal], order.fact == fact else { return nil }
        return order.record
    }

    /// What is on record replaces what stood there; what found no place on record does not stand.
    mutating func take(_ fact: BarrierCommandFact, at terminal: Terminal, as record: Sequence?) {
        let stands = fact.action == .on && fact.commandClass == .safety
        orders[terminal] = record.flatMap { stands ? Order(fact: fact, record: $0) : nil }
    }

    /// Whether this is another end than the one on record. Of what does not stand each command has its own.
    func isNews(_ trace: CommandTrace) -> Bool {
        let terminal = trace.command.terminal
        guard orders[terminal]?.record == trace.command.record else { return true }
        return orders[terminal]?.outcome != trace.outcome
    }

    /// The end of a command that is on record now.
    mutating func take(_ trace: CommandTrace) {
        let terminal = trace.command.terminal
        guard orders[terminal]?.record == trace.command.record else { return }
        orders[terminal]?.outcome = trace.outcome
    }

    /// Nobody knows what its outputs do meanwhile.
    mutating func forget(_ device: DeviceID) {
        for terminal in orders.keysInOrder where terminal.device == device { orders.remove(terminal) }
    }
}
