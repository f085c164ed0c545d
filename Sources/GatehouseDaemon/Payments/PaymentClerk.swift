// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseEngine
internal import GatehouseStore
internal import GatehouseSync

/// Carries out one call whose sender is known: the site decides, and the answer is what the journal then says, so that
/// whoever asks again is told the same.
struct PaymentClerk: Sendable {
    private let by: Operator
    private let handler: RequestHandler

    init(gateway: Gateway, sender: String) {
        let by = Operator(channel: Operator.paymentChannel, name: sender)
        self.by = by
        handler = RequestHandler(gateway: gateway, by: by, authority: .technician) { _ in false }
    }

    func reply(to call: PaymentCall) async -> PaymentReply {
        do throws(PaymentFault) {
            return switch call.request {
            case .quote(let target): try await quote(target)
            case .payment(let notice): try await take(notice)
            case .cancel(let payment): try await cancel(payment)
            case .collection(let answer): try await hear(answer)
            case .orders: throw PaymentFault(.badRequest, "orders are fetched at the desk")
            }
        } catch { return PaymentReply(error) }
    }

    private func quote(_ target: PaymentTarget) async throws(PaymentFault) -> PaymentReply {
        let record = try await order(.quote(target))
        let payload = try await payload(of: record)
        let stay = StayID((try? payload.integer("stay")) ?? 0)
        let plate = try await look { $0.memory.stays.stay(stay)?.plate }
        do throws(FieldError) {
            return try PaymentReply(quote: record, payload, plate: plate)
        } catch { throw Self.unreadable(record) }
    }

    private func take(_ notice: PaymentNotice) async throws(PaymentFault) -> PaymentReply {
        let record = try await order(.take(notice))
        let settlement = try await settlement(record)
        let now = handler.gateway.clock.now().wall
        let remaining: Money? = try await look { site in
            guard let stay = settlement.use.stay else { return nil }
            let isOpen = site.memory.stays.stay(stay) != nil
            return PaymentBalance.remaining(for: stay, isOpen: isOpen, in: site.memory.money, at: now)
        }
        return PaymentReply(payment: record, settlement, remaining: remaining)
    }

    /// An order ends once: whoever says another end of it is told the one on record.
    private func hear(_ answer: CollectionAnswer) async throws(PaymentFault) -> PaymentReply {
        let record = try await order(.heard(answer))
        // Of a pending one there is no record but its own.
        guard answer.state != .pending else {
            return PaymentReply(collection: answer.order, .pending, record)
        }
        guard let ending = try? CollectionEnding(from: try await payload(of: record)),
            let state = CollectionAnswer.State(rawValue: ending.outcome.rawValue)
        else { throw Self.unreadable(record) }
        return PaymentReply(collection: answer.order, state, record)
    }

    /// Whoever cancels again is told the same.
    private func cancel(_ serial: String) async throws(PaymentFault) -> PaymentReply {
        let isCash = try await look { $0.memory.money.taken(serial)?.way == .cash }
        guard !isCash, !serial.hasPrefix(Site.ownSerials) else {
            throw PaymentFault(
                .refused,
                "payment \(serial) is of a drawer or a balance here and of no provider: "
                    + "a person gives it back with ledger refund")
        }
        let record = try await order(
            .refund(serial: serial, amount: nil, way: nil, reason: "OTHER: reversed by the provider"))
        guard let refund = try? Refund(from: try await payload(of: record)) else {
            throw Self.unreadable(record)
        }
        return PaymentReply(cancelled: serial, by: record, refunded: refund.amount)
    }

    // MARK: Ways to the gateway

    /// Answered when it is durable.
    private func order(_ order: MoneyOrder) async throws(PaymentFault) -> Sequence {
        let by = by
        do throws(DiagnosticProtocol.Failure) {
            return try await handler.ask { .operation(.money(order), by: by, reply: $0) }
        } catch { throw PaymentFault(code: error.code, message: error.message) }
    }

    private func look<Value: Sendable>(
        _ look: @escaping @Sendable (borrowing Site) -> Value
    ) async throws(PaymentFault) -> Value {
        do throws(DiagnosticProtocol.Failure) { return try await handler.look(look) } catch {
            throw PaymentFault(code: error.code, message: error.message)
        }
    }

    private func read<Value: Sendable>(
        _ work: @escaping @Sendable (JournalReader) throws(StoreFault) -> Value
    ) async throws(PaymentFault) -> Value {
        do throws(DiagnosticProtocol.Failure) { return try await handler.read(work) } catch {
            throw PaymentFault(code: error.code, message: error.message)
        }
    }

    private func payload(of record: Sequence) async throws(PaymentFault) -> Fields {
        let payload = try await read { reader throws(StoreFault) in try reader.record(record)?.payload }
        guard let payload, let fields = try? Fields(payload) else { throw Self.unreadable(record) }
        return fields
    }

    private func settlement(_ record: Sequence) async throws(PaymentFault) -> Settlement {
        guard let settlement = try? Settlement(from: try await payload(of: record)) else {
            throw Self.unreadable(record)
        }
        return settlement
    }

    private static func unreadable(_ record: Sequence) -> PaymentFault {
        PaymentFault(.store, "record \(record.number) cannot be read")
    }
}
