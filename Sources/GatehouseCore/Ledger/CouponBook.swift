// SPDX-License-Identifier: Apache-2.0

/// Coupons that can still be used, and those that are used up, so that none is used twice:
/// ```
/// granted ─quote─▶ reserved ─payment, or the end of the stay─▶ consumed
///    ▲  └─revoked     │ another quote, the end of the stay without it
///    └────released────┘
/// ```
package struct CouponBook: Equatable, Sendable {
    package struct Held: Hashable, Sendable {
        package var grant: CouponGrant
        package var record: Sequence
        /// By this stay's quote; no other stay may have it.
        package var reservedFor: StayID?
        /// Consumed with the payment of then. How much of it was used is known when the stay ends.
        package var paidAt: Int64?
    }

    /// Used up by a stay, taken back, or of no more use.
    package struct Spent: Hashable, Sendable {
        package var stay: StayID?
        package var record: Sequence
    }

    /// What a stay can be priced with.
    struct Choice {
        var coupons: [Coupon] = []
        /// There are others that came too late: it is paid.
        var hasLate = false
    }

    /// Coupons that wait. When there are so many, those that lapsed are forgotten, and then no more are granted.
    package static let limit = 10_000
    /// Of one stay or plate: a price tries them out.
    package static let limitOfOne = 8
    /// One that is used up is remembered so long.
    package static let spentRemembered = 65_536

    package private(set) var held: Table<String, Held> = Table()
    private var ofStay: Table<StayID, [String]> = Table()
    private var ofPlate: Table<Plate, [String]> = Table()
    private var spent: Table<String, Spent> = Table()
    /// Oldest first.
    private var spentInOrder: [String] = []

    package init() {}

    // MARK: Questions

    package func spent(_ coupon: String) -> Spent? { spent[coupon] }

    /// Oldest first.
    package func waiting(for stay: StayID?, _ plate: Plate?) -> [Held] {
        let names = (stay.flatMap { ofStay[$0] } ?? []) + (plate.flatMap { ofPlate[$0] } ?? [])
        return names.compactMap { held[$0] }.sorted { $0.record < $1.record }
    }

    func hasRoom(at now: Int64) -> Bool {
        held.count < Self.limit || held.inOrder.contains { $0.value.hasLapsed(at: now) }
    }

    /// - Parameter followsPayment: the site lets a coupon be used after a payment.
    func choice(for stay: Stay, at exit: Int64, isPaid: Bool, followsPayment: Bool) -> Choice {
        var choice = Choice()
        for one in waiting(for: stay.id, stay.plate) {
            guard one.reservedFor == nil || one.reservedFor == stay.id else { continue }
            var coupon = one.grant.coupon
            // One that lapsed before the vehicle came is none of this stay's.
            guard !one.hasLapsed(at: stay.opening.passedAt.second) else { continue }
            if coupon.kind == .period {
                // Time that is covered stays covered, whatever is paid for the rest.
            } else if one.paidAt != nil {
                // Once used it stays used, however long the vehicle stays on.
                (coupon.validFrom, coupon.validTo) = (nil, nil)
            } else if isPaid, !followsPayment {
                choice.hasLate = choice.hasLate || coupon.isValid(at: exit)
                continue
            }
            choice.coupons.append(coupon)
        }
        return choice
    }

    /// Whoever bears what was saved.
    func uses(_ savings: [CouponSaving]) -> [CouponUse] {
        savings.compactMap { saving in
            held[saving.coupon].map {
                CouponUse(
                    coupon: saving.coupon, kind: $0.grant.coupon.kind, merchant: $0.grant.merchant,
                    used: saving.amount)
            }
        }
    }

    // MARK: The fold

    mutating func apply(
        _ fact: CouponFact, _ record: Sequence, at now: WallTime
    ) -> [ProjectionChange] {
        switch fact {
        case .granted(let grant):
            let rows = held.count < Self.limit ? [] : forgetLapsed(at: now.second)
            forget(grant.coupon.id)
            return rows + [keep(Held(grant: grant, record: record))]
        case .revoked(let coupon, _, _):
            // Time that was free stays so: it ends.
            if let span = held[coupon]?.grant.coupon.span, held[coupon]?.grant.coupon.kind == .period,
                span.start < now.second
            {
                return [change(coupon) { $0.grant.coupon.validTo = min(span.end, now.second) }].compactMap(
                    \.self)
            }
            return spend(coupon, Spent(stay: nil, record: record))
        case .consumed(let consumption):
            let coupon = consumption.use.coupon
            // Free for a while is free as often as the vehicle comes.
            if held[coupon]?.grant.coupon.kind == .period { return release(coupon, record, at: now) }
            return spend(coupon, Spent(stay: consumption.stay, record: record))
        case .released(let coupon, _): return release(coupon, record, at: now)
        }
    }

    private mutating func release(
        _ coupon: String, _ record: Sequence, at now: WallTime
    ) -> [ProjectionChange] {
        guard var one = held[coupon] else { return [] }
        forget(coupon)
        one.reservedFor = nil
        one.paidAt = nil
        one.grant.stay = nil
        // Of a vehicle without a plate nobody could use it again. What lapsed is remembered: a clock that is set back must
        // not have it granted a second time.
        let isOver = one.grant.plate == nil || one.hasLapsed(at: now.second)
        return isOver ? spend(coupon, Spent(stay: nil, record: record)) : [keep(one)]
    }

    /// A quote reckons with these and with no others of `before`.
    mutating func reserve(_ names: [String], for stay: StayID, before: [String]) -> [ProjectionChange] {
        let dropped = before.filter { name in
            !names.contains(name) && held[name]?.reservedFor == stay && held[name]?.paidAt == nil
        }
        return dropped.compactMap { change($0) { $0.reservedFor = nil } }
            + names.filter { held[$0]?.reservedFor != stay }.compactMap {
                change($0) { $0.reservedFor = stay }
            }
    }

    /// What was given to a stay is its vehicle's, whose plate is put right.
    mutating func move(_ stay: StayID, to plate: Plate?) -> [ProjectionChange] {
        guard let plate else { return [] }
        return (ofStay[stay] ?? []).filter { held[$0]?.grant.plate != plate }.compactMap {
            change($0) { $0.grant.plate = plate }
        }
    }

    /// What the quote reckoned with is used with the payment, and belongs to the stay from now on.
    mutating func pay(_ names: [String], of stay: StayID, at second: Int64) -> [ProjectionChange] {
        names.filter {
            held[$0]?.reservedFor == stay && held[$0]?.paidAt == nil && held[$0]?.grant.coupon.kind != .period
        }.compactMap {
            change($0) {
                $0.paidAt = second
                $0.grant.stay = stay
            }
        }
    }

    private mutating func change(_ name: String, _ change: (inout Held) -> Void) -> ProjectionChange? {
        guard var one = held[name] else { return nil }
        forget(name)
        change(&one)
        return keep(one)
    }

    private mutating func keep(_ one: Held) -> ProjectionChange {
        let name = one.grant.coupon.id
        held[name] = one
        if let stay = one.grant.stay {
            ofStay[stay] = ((ofStay[stay] ?? []) + [name]).sorted()
        } else if let plate = one.grant.plate {
            ofPlate[plate] = ((ofPlate[plate] ?? []) + [name]).sorted()
        }
        return ProjectionChange(Self.row(name), FieldWriter.object(one.write))
    }

    private mutating func forget(_ name: String) {
        guard let one = held.remove(name) else { return }
        if let stay = one.grant.stay {
            let rest = (ofStay[stay] ?? []).filter { $0 != name }
            if rest.isEmpty { ofStay.remove(stay) } else { ofStay[stay] = rest }
        } else if let plate = one.grant.plate {
            let rest = (ofPlate[plate] ?? []).filter { $0 != name }
            if rest.isEmpty { ofPlate.remove(plate) } else { ofPlate[plate] = rest }
        }
    }

    private mutating func forgetLapsed(at now: Int64) -> [ProjectionChange] {
        let lapsed = held.inOrder.filter { $0.value.hasLapsed(at: now) }.map(\.key)
        for name in lapsed { forget(name) }
        return lapsed.map { ProjectionChange(Self.row($0), nil) }
    }

    private mutating func spend(_ name: String, _ how: Spent) -> [ProjectionChange] {
        forget(name)
        if spent[name] == nil { spentInOrder.append(name) }
        spent[name] = how
        var rows = [ProjectionChange(Self.row(name), FieldWriter.object(how.write))]
        if spentInOrder.count > Self.spentRemembered {
            let oldest = spentInOrder.removeFirst()
            spent.remove(oldest)
            rows.append(ProjectionChange(Self.row(oldest), nil))
        }
        return rows
    }

    private static func row(_ name: String) -> ProjectionKey { ProjectionKey(.coupon, name) }
}

extension CouponBook.Held {
    /// Nobody can use it any more, and no stay counts on it.
    package func hasLapsed(at now: Int64) -> Bool {
        reservedFor == nil && grant.coupon.validTo.map { $0 <= now } ?? false
    }

    func write(to fields: inout FieldWriter) {
        grant.write(to: &fields)
        fields.put("record", record.number)
        fields.put("reserved_for", ifPresent: reservedFor?.number)
        fields.put("paid_s", ifPresent: paidAt)
    }

    init(from fields: Fields) throws(FieldError) {
        grant = try CouponGrant(from: fields)
        record = Sequence(try fields.integer("record"))
        reservedFor = try fields.integerIfPresent("reserved_for").map(StayID.init)
        paidAt = try fields.integerIfPresent("paid_s")
    }
}

extension CouponBook.Spent {
    func write(to fields: inout FieldWriter) {
        fields.put("spent_by", record.number)
        fields.put("stay", ifPresent: stay?.number)
    }
}

extension CouponBook {
    /// Of its own table.
    init(rows: [ProjectionRow]) throws(FieldError) {
        var found: [Held] = []
        var gone: [(name: String, how: Spent)] = []
        for row in rows where row.key.table == .coupon {
            let fields = try Fields(row.value)
            if let record = try fields.integerIfPresent("spent_by") {
                let stay = try fields.integerIfPresent("stay").map(StayID.init)
                gone.append((row.key.key, Spent(stay: stay, record: Sequence(record))))
            } else {
                found.append(try Held(from: fields))
            }
        }
        for one in found.sorted(by: { $0.record < $1.record }) { _ = keep(one) }
        for one in gone.sorted(by: { $0.how.record < $1.how.record }) {
            spent[one.name] = one.how
            spentInOrder.append(one.name)
        }
    }
}
