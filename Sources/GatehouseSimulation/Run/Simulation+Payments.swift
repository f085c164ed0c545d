// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine

/// Drivers who pay at the exit, and those who do not.
extension Simulation {
    static let platform = Operator(channel: "payment", name: "platform")

    /// A quote is known outside when it is durable.
    func quoted(_ record: Record) {
        guard record.kind == "chargeQuoted", let fields = try? Fields(record.payload),
            let stay = fields.number("stay"), fields.has("lane"),
            let due = (try? fields.object("charge"))?.number("due"), due > 0,
            !payments.isPaying.contains(stay)
        else { return }
        if mix.has(.neverPays), purse.chance(1, in: 4) { return }
        payments.isPaying.insert(stay)
        let isLate = mix.has(.paysLate) && purse.chance(1, in: 3)
        let delay = isLate ? purse.milliseconds(90_000...900_000) : purse.milliseconds(4000...45_000)
        let quote = record.sequence.number
        agenda.plan(.driverPays(stay: stay, quote: quote, due: due), at: now + delay)
    }

    func driverPays(_ stay: Int64, _ quote: Int64, _ due: Int64) {
        payments.isPaying.remove(stay)
        let isWrong = mix.has(.paysWrongly) && purse.chance(1, in: 4)
        var notice = PaymentNotice(
            serial: "p\(quote)", way: .staticCode, amount: Money(due), paidAt: wall.milliseconds / 1000,
            quote: Sequence(quote), stay: StayID(stay))
        if isWrong {
            // Another one's quote, nobody's stay, or another amount.
            switch purse.below(4) {
            case 0: (notice.quote, notice.stay) = (Sequence(max(1, quote - 40)), nil)
            case 1: (notice.quote, notice.stay) = (nil, StayID(quote + 1_000_000))
            case 2: notice.amount = Money(max(1, due - 100))
            default: notice.amount = Money(due + 300)
            }
        }
        say("pays", "stay \(stay), \(notice.amount.minorUnits) by \(notice.serial)")
        checkers.money.paid(notice)
        payments.outstanding[notice.serial] = PaymentPlatform.Outstanding(notice: notice)
        tell(notice.serial)
        if mix.has(.paysTwice), purse.chance(1, in: 3) {
            agenda.plan(.platformTells(notice.serial), at: now + purse.milliseconds(1...400))
        }
    }

    /// Once, and again every twenty seconds until it is confirmed.
    func tell(_ serial: String) {
        guard var one = payments.outstanding[serial] else { return }
        one.attempts += 1
        payments.outstanding[serial] = one
        agenda.plan(.platformTells(serial), at: now + .seconds(20))
        guard let mine = gateway else { return }
        let reply = mine.newReply()
        payments.awaited[reply.number] = serial
        mine.inbox.offer(
            .site(.operation(.money(.take(one.notice)), by: Self.platform, reply: reply)))
    }

    /// Whether the answer was one to the platform.
    func platformHears(_ reply: ReplyID, _ answer: Answer) -> Bool {
        guard let serial = payments.awaited.removeValue(forKey: reply.number) else { return false }
        switch answer {
        case .done(let record):
            payments.outstanding[serial] = nil
            payments.confirmed[serial] = record.number
        case .refused(let code, let message):
            // A clock that lies makes payments old; everything else is taken.
            payments.outstanding[serial] = nil
            if code != "too_old" { checkers.report("S7", "a payment is refused: \(message)", at: now) }
        case .notStored: break
        }
        return true
    }
}
