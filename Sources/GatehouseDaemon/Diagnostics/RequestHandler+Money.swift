// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore
internal import Synchronization

extension RequestHandler {
    /// A guard takes cash; what else was paid is told by whoever took it, over a channel that proves who speaks.
    func money(_ order: MoneyOrder) async throws(Failure) -> [UInt8] {
        var order = order
        switch order {
        case .take(let notice): order = .take(try numbered(notice))
        case .topUp(let holder, let notice): order = .topUp(holder, try numbered(notice))
        case .adjust(_, let adjustment): _ = try checked(adjustment.reason)
        case .classify(_, _, let reason), .dispute(_, let reason), .settleDispute(_, _, let reason),
            .refund(_, _, _, let reason), .correct(_, _, let reason), .revokeCoupon(_, let reason),
            .giveBackStored(_, _, _, let reason):
            _ = try checked(reason)
        case .collect(_, let way):
            guard CollectingPlan.possibleWays.contains(way) else {
                throw Failure(code: "refused", message: "no order is made for \(way.rawValue)")
            }
        case .heard(let answer): _ = try checked(answer.reason ?? "")
        case .grantCoupon(let order):
            // Else nobody's limit of free releases would hold.
            guard order.merchant != nil || authority >= .technician else {
                throw Failure(
                    code: "not_allowed", message: "a guard gives merchants' coupons, not the site's own",
                    hint: "--merchant NAME, or gatehouse charge release")
            }
        case .quote, .later, .openShift, .closeShift: break
        }
        let (by, asked) = (by, order)
        let record = try await ask { .operation(.money(asked), by: by, reply: $0) }
        guard case .quote = order else {
            return OrderResult(record: record.number, currency: gateway.currentPlan.pricing?.currency).json
        }
        return try await quote(record)
    }

    private func numbered(_ notice: PaymentNotice) throws(Failure) -> PaymentNotice {
        guard notice.way == .cash || authority >= .technician else {
            throw Failure(code: "not_allowed", message: "a guard takes cash, not \(notice.way.rawValue)")
        }
        var notice = notice
        if notice.serial == PaymentNotice.newSerial {
            notice.serial = "desk-\(gateway.clock.now().wall.milliseconds)-\(Self.deskSerial.next)"
        }
        return notice
    }

    private static let deskSerial = DeskSerial()

    private func quote(_ record: Sequence) async throws(Failure) -> [UInt8] {
        let payload = try await read { reader throws(StoreFault) in try reader.record(record)?.payload }
        guard let payload, let fields = try? Fields(payload) else {
            throw Failure(code: "store", message: "record \(record.number) cannot be read")
        }
        let stay = StayID(fields.number("stay") ?? 0)
        let open = try await look { $0.openCollection(of: stay) }
        return QuoteResult(
            record: record.number, quote: fields, collection: open.map(CollectionLine.init)
        ).json
    }
}

/// Numbers for payments that a person takes at this gateway.
private final class DeskSerial: Sendable {
    private let last = Atomic<UInt64>(0)

    var next: UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
