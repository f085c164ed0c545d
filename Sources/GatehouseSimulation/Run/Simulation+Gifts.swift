// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Customers who come and go, merchants who bear what they pay, balances, and residents' guests.
extension Simulation {
    // MARK: Customers

    func planCustomers() {
        let pace = options.offlineDays == nil ? 1 : 4
        agenda.plan(.customer, at: now + gifts.milliseconds(180_000...660_000) * pace)
    }

    /// A new one, or one of earlier.
    func customerComes() {
        planCustomers()
        // Who reads that it is full drives on.
        let isFull = checkers.books.occupancy >= Estate.capacity - Estate.reserve
        guard !isQuietTail, !isFull || gifts.chance(1, in: 6) else { return }
        let known = cars.indices.filter {
            cars[$0].isCustomer && cars[$0].state == .away && !cars[$0].isInside
        }
        // Who has come as often as a pass says comes once more.
        let guest = known.last { cars[$0].passEnds.map { wall < $0 } ?? false }
        if let guest, gifts.chance(1, in: 2) { return startTrip(guest) }
        if !known.isEmpty, gifts.chance(1, in: 3) { return startTrip(gifts.pick(known)) }
        let number = cars.count
        let colour = Car.Colour(number: number)
        let plate = PlateMaker.plate(number, colour)
        var car = Car(number: number, plate: plate, shows: plate, isResident: false, colour: colour)
        car.isCustomer = true
        cars.append(car)
        if estate.prices?.hasGuests == true, gifts.chance(1, in: 4) { invite(number) }
        if gifts.chance(1, in: 6) { drawCoupon(plate) }
        startTrip(number)
    }

    /// How long a customer stays; now and then over a night.
    func customersStay() -> Duration {
        let isLong = options.offlineDays != nil && gifts.chance(1, in: 12)
        return isLong ? .seconds(3600 * (6 + gifts.below(60))) : gifts.milliseconds(900_000...9_000_000)
    }

    /// While it is inside.
    func drawGifts(_ number: Int, until trip: Uptime) {
        guard let prices = estate.prices else { return }
        let seconds = max(1, Int((trip - now).inMilliseconds / 1000))
        func sometime() -> Uptime { now + .seconds(gifts.below(seconds)) }
        if !prices.merchants.isEmpty, !cars[number].isResident, gifts.chance(1, in: 2) {
            // Who was in several shops brings something of each.
            for _ in 0..<gifts.pick([1, 1, 2, 3]) {
                agenda.plan(.merchantGives(cars[number].plate), at: sometime())
            }
        }
        guard prices.storedShort != nil, gifts.chance(1, in: cars[number].isResident ? 6 : 3) else { return }
        agenda.plan(.topUp(cars[number].plate), at: sometime())
    }

    // MARK: Merchants

    func drawCoupon(_ plate: Plate) {
        guard let merchants = estate.prices?.merchants, let first = merchants.first else { return }
        payments.coupons += 1
        let kinds: [Coupon.Kind] = [
            .minutes(30), .minutes(60), .minutes(120), .amount(Money(200)), .amount(Money(500)), .percent(20),
            .percent(50), .full, .tariff(PriceBoard.ofGuests.name), .tariff(PriceBoard.ofStaff.name), .period,
        ]
        let kind = gifts.pick(kinds)
        let isShort = gifts.chance(1, in: 5)
        let second = wall.milliseconds / 1000
        let length = kind == .period ? 1800 + gifts.below(6 * 3600) : 300 + gifts.below(3600)
        let beginsLater = kind == .period && gifts.chance(1, in: 3)
        let order = CouponOrder(
            id: "m\(payments.coupons)", kind: kind, validFrom: beginsLater ? second + 900 : nil,
            validTo: isShort || kind == .period ? second + Int64(length) : nil,
            merchant: gifts.chance(1, in: 5) ? nil : gifts.chance(1, in: 2) ? first : merchants.last,
            target: .plate(plate))
        checkers.money.coupons.given[order.id] = order
        say("gives", plate: plate.text, "\(order.id), \(order.kind)")
        ask(.grantCoupon(order), by: Self.shop, .grants(order.id))
        if gifts.chance(1, in: 3) {
            agenda.plan(.couponAgain(order.id), at: now + gifts.milliseconds(500...7_200_000))
        }
        if gifts.chance(1, in: 10) {
            agenda.plan(.couponRevoked(order.id), at: now + gifts.milliseconds(500...3_600_000))
        }
    }

    static let shop = Operator(channel: "socket", name: "shop")

    /// The same again is the same; for somebody else it is refused.
    func couponAgain(_ id: String) {
        guard var order = checkers.money.coupons.given[id] else { return }
        guard gifts.chance(1, in: 2) else { return ask(.grantCoupon(order), by: Self.shop, .grants(id)) }
        let other = cars[gifts.below(cars.count)].plate
        guard order.target != .plate(other) else { return }
        order.target = .plate(other)
        ask(.grantCoupon(order), by: Self.shop, .grantsToOther(id))
    }

    func couponRevoked(_ id: String) {
        ask(.revokeCoupon(id, reason: "OTHER: a mistake"), by: Self.shop, .desk)
    }

    /// Once granted it has one record.
    func granted(_ id: String, _ answer: Answer, toOther: Bool) {
        switch answer {
        case .done(let record):
            // What was refused to the first may be another's.
            if let before = payments.granted[id] {
                guard !toOther, before == record.number else {
                    return checkers.report(
                        "S7", "coupon \(id) is granted again: record \(record.number)", at: now)
                }
                checkers.money.report.note(.couponTwice)
            }
            payments.granted[id] = record.number
        case .refused(let code, _) where code == "conflict":
            checkers.money.report.note(toOther ? .couponForOther : .couponTwice)
        default: break
        }
    }

    // MARK: Balances

    /// For the plate, or for the whole household.
    func topUp(_ plate: Plate) {
        let number = cars.indices.first { cars[$0].plate == plate && cars[$0].isResident }
        let holder = number.map { StoredHolder.household(Self.household(of: $0)) } ?? .plate(plate)
        let isCash = mix.has(.guardTakesMoney) && gifts.chance(1, in: 3)
        let notice = PaymentNotice(
            serial: payments.newSerial("t"), way: isCash ? .cash : .prepaid,
            amount: Money(Int64(100 * (1 + gifts.below(30)))), paidAt: wall.milliseconds / 1000)
        if isCash { payments.drawer += notice.amount.minorUnits }
        checkers.money.topUps[notice.serial] =
            switch holder {
            case .household(let id): "household \(id)"
            case .plate(let plate): "plate \(plate.text)"
            }
        pay(notice, for: 0, by: isCash ? Self.cashier : Self.platform, into: holder)
        guard gifts.chance(1, in: 8) else { return }
        // He gets back what is left, or a part of it, or wants more than there is.
        agenda.plan(
            .emptyBalance(holder, gifts.pick([nil, Money(100), Money(5000)])),
            at: now + gifts.milliseconds(60_000...20_000_000))
    }

    func emptyBalance(_ holder: StoredHolder, _ amount: Money?) {
        ask(
            .giveBackStored(holder, amount, way: .prepaid, reason: "OTHER: moves away"), by: Self.cashier,
            .desk)
    }

    // MARK: Guests

    /// For a while from now on; some for so long from their entry, some as often as their host says, and some are called
    /// off while they are inside.
    private func invite(_ number: Int) {
        let minutes = gifts.pick([nil, 20, 60, 120])
        let window = Duration.seconds(1800 + gifts.below(6 * 3600))
        let early = gifts.chance(1, in: 3) ? Duration.seconds(900) : .zero
        let entries = gifts.pick([nil, nil, 1, 1, 2])
        payments.guests += 1
        if entries != nil { cars[number].passEnds = wall + early + window }
        let permit = Permit(
            id: 20_000 + Int64(payments.guests), plate: cars[number].plate,
            household: Self.household(of: gifts.below(Self.residents)),
            visit: Visit(from: wall + early, to: wall + early + window, minutes: minutes, entries: entries))
        operate(.directory([.permitSet(permit)], reason: nil))
        guard gifts.chance(1, in: 5) else { return }
        agenda.plan(.calledOff(permit), at: now + gifts.milliseconds(600_000...7_200_000))
    }

    func calledOff(_ permit: Permit) {
        var ended = permit
        ended.endedAt = wall
        operate(.directory([.permitEnded(ended)], reason: nil))
    }
}
