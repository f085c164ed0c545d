// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// M3: a provider is asked for what is durably on record and for nothing else; one order is open for a stay, and none
/// follows it before its money came or its provider said that it is void, nor then but by another way or by a person's
/// hand; one that is open is asked about without end. That none asks for what is paid already is judged by the price
/// (`MoneyChecker`).
struct CollectionChecker {
    private struct Order {
        var stay: Int64
        var way: String
        var amount: Int64
        var isDeferred: Bool
        var isOpen = true
        var askedAt: Uptime?
    }

    private struct Due { var stay, due, arrears: Int64 }

    /// A guard has whoever waits at a lane asked for again.
    private struct HandAsk {
        var lane: String
        var way: PaymentWay
        /// That came of it.
        var order: Int64?
        /// It had brought nothing by this way before.
        var isAgain = false
    }

    private var orders: [Int64: Order] = [:]
    private var openOf: [Int64: Int64] = [:]
    /// By stay and way: it brought no money, so that no program asks again.
    private var failed: Set<String> = []
    /// What was asked of drivers, by the quote's record, while its stay is unfinished.
    private var dues: [Int64: Due] = [:]
    private var quotes: [Int64: [Int64]] = [:]
    /// What providers truly said, by order.
    private var said: [Int64: Set<String>] = [:]
    /// Not answered yet, by their numbers.
    private var handAsks: [Int: HandAsk] = [:]
    private var lastAsk = 0
    private var aliveSince: Uptime?

    /// The longest pause between two requests, with a stalled process and a disk in between.
    private static let patience: Duration = .seconds(400)

    /// What the last process was asked comes to nothing any more.
    mutating func started(at now: Uptime) {
        aliveSince = now
        handAsks = [:]
    }
    mutating func crashed() { aliveSince = nil }

    mutating func says(_ state: CollectionAnswer.State, of order: Int64) {
        said[order, default: []].insert(state.rawValue)
    }

    // MARK: On record

    mutating func durable(_ record: Record) -> (String, String)? {
        let number = record.sequence.number
        switch record.kind {
        case "chargeQuoted", "stayCharged", "collectionAsked", "collectionEnded", "paymentSettled": break
        default: return nil
        }
        guard let fields = try? Fields(record.payload), let stay = fields.number("stay") else { return nil }
        switch record.kind {
        case "chargeQuoted": quoted(number, stay, fields)
        case "stayCharged": for quote in quotes.removeValue(forKey: stay) ?? [] { dues[quote] = nil }
        case "collectionAsked": return asked(number, stay, fields)
        case "collectionEnded": return ended(number, fields)
        default: if let order = fields.number("order") { close(order) }
        }
        return nil
    }

    private mutating func quoted(_ number: Int64, _ stay: Int64, _ fields: Fields) {
        guard let charge = (try? fields.objectIfPresent("charge")) ?? nil else { return }
        let lines = (try? charge.objects("lines")) ?? []
        let arrears = lines.filter { $0.text("code") == "ARREARS" }.reduce(0) {
            $0 + ($1.number("amount") ?? 0)
        }
        dues[number] = Due(stay: stay, due: charge.number("due") ?? 0, arrears: arrears)
        quotes[stay, default: []].append(number)
    }

    private mutating func asked(_ number: Int64, _ stay: Int64, _ fields: Fields) -> (String, String)? {
        let way = fields.text("way") ?? ""
        let order = Order(
            stay: stay, way: way, amount: fields.number("amount") ?? 0, isDeferred: fields.flag("deferred"))
        if let other = openOf[stay] {
            return ("M3", "record \(number) asks for stay \(stay), for which order \(other) is open")
        }
        let isAgain = failed.contains("\(stay) \(way)")
        let isByHand = comesOfHandAsk(number, fields.text("lane"), way, isAgain: isAgain)
        if isAgain, !isByHand, way != PaymentWay.scannedCode.rawValue {
            return ("M3", "record \(number) asks by \(way) again, which brought nothing for stay \(stay)")
        }
        guard let due = fields.number("quote").flatMap({ dues[$0] }), due.stay == stay,
            order.amount == due.due - (order.isDeferred ? due.arrears : 0)
        else { return ("M3", "record \(number) asks for \(order.amount), which stay \(stay) was not asked") }
        orders[number] = order
        openOf[stay] = number
        return nil
    }

    private mutating func ended(_ number: Int64, _ fields: Fields) -> (String, String)? {
        let order = fields.number("order") ?? 0
        guard let one = orders[order], one.isOpen else {
            return ("M3", "record \(number) ends order \(order), which is not open")
        }
        let outcome = fields.text("outcome") ?? ""
        guard said[order]?.contains(outcome) == true else {
            return ("M3", "record \(number) takes order \(order) for \(outcome), which nobody said")
        }
        failed.insert("\(one.stay) \(one.way)")
        close(order)
        return nil
    }

    private mutating func close(_ order: Int64) {
        guard let one = orders[order] else { return }
        orders[order]?.isOpen = false
        if openOf[one.stay] == order { openOf[one.stay] = nil }
    }

    // MARK: By hand

    mutating func guardAsks(at lane: String, _ way: PaymentWay) -> Int {
        lastAsk += 1
        handAsks[lastAsk] = HandAsk(lane: lane, way: way)
        return lastAsk
    }

    /// One order at most comes of one asking.
    private mutating func comesOfHandAsk(
        _ order: Int64, _ lane: String?, _ way: String, isAgain: Bool
    ) -> Bool {
        let asks = handAsks.filter {
            $0.value.order == nil && $0.value.lane == lane && $0.value.way.rawValue == way
        }
        guard let ask = asks.keys.min() else { return false }
        handAsks[ask]?.order = order
        handAsks[ask]?.isAgain = isAgain
        return true
    }

    /// What a guard was told: the order that was made for him, or the one that is open.
    mutating func answered(_ ask: Int, _ record: Int64) -> (scene: MoneyScene?, wrong: (String, String)?) {
        let one = handAsks.removeValue(forKey: ask)
        guard let order = orders[record] else {
            return (nil, ("M3", "a guard who asked again is told of record \(record), which is no order"))
        }
        if let made = one?.order, made != record {
            return (nil, ("M3", "a guard is told of order \(record), and \(made) was made for him"))
        }
        if let one, one.order == record { return (one.isAgain ? .orderAgainByHand : nil, nil) }
        return (order.isOpen ? .orderAskedAbout : nil, nil)
    }

    mutating func refused(_ ask: Int) { handAsks[ask] = nil }

    // MARK: At the provider's door

    mutating func reaches(_ request: CollectionRequest, at now: Uptime) -> (String, String)? {
        let number = request.number.number
        guard let order = orders[number] else {
            return ("M3", "a provider is asked for order \(number), which is not on record")
        }
        guard order.stay == request.order.stay.number, order.amount == request.order.amount.minorUnits,
            order.way == request.order.way.rawValue
        else { return ("M3", "a provider is asked for another order than \(number) on record") }
        orders[number]?.askedAt = now
        return nil
    }

    /// Nobody forgets an open order, however long its provider says nothing.
    func watch(at now: Uptime, isRunning: Bool) -> (String, String)? {
        guard isRunning, let aliveSince else { return nil }
        for (_, number) in openOf.sorted(by: { $0.key < $1.key }) {
            guard let order = orders[number], !order.isDeferred else { continue }
            let last = max(order.askedAt ?? aliveSince, aliveSince)
            guard now - last <= Self.patience else {
                return ("M3", "order \(number) is open, and nobody has been asked about it for long")
            }
        }
        return nil
    }
}
