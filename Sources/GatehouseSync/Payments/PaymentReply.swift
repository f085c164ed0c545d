// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the sender of a call is told: one JSON object, the same over both ways, and the status that HTTP wants.
package struct PaymentReply: Hashable, Sendable {
    package var status: Int
    package var body: [UInt8]
    /// nil: to a body that could not be read, which has no serial.
    package private(set) var signature: String?

    init(status: Int = 200, _ write: (inout FieldWriter) -> Void) {
        self.status = status
        body = FieldWriter.object(write)
    }

    package init(_ fault: PaymentFault) {
        self.init(status: fault.code.status) { fields in
            fields.put("error") { error in
                error.put("code", fault.code.rawValue)
                error.put("message", fault.message)
            }
        }
    }

    package func signed(by key: PaymentKey, to word: PaymentWord, serial: String) -> PaymentReply {
        var reply = self
        reply.signature = key.signature(ofReplyTo: word, serial: serial, body)
        return reply
    }

    /// - Parameter payload: of the record `chargeQuoted` (`tariffs.md` §10.1).
    package init(quote record: Sequence, _ payload: Fields, plate: Plate?) throws(FieldError) {
        let charge = try payload.object("charge")
        let wanted = ["currency", "computed_s", "valid_until_s", "entry_s", "exit_s", "tariff", "version"]
        let (stay, due) = (try payload.integer("stay"), try charge.integer("due"))
        for key in wanted where !payload.has(key) { throw .missing(key: key) }
        self.init { fields in
            fields.put("quote", record.number)
            fields.put("stay", stay)
            fields.put("plate", ifPresent: plate?.text)
            if let lane = payload.value("lane") { fields.put("lane", value: lane) }
            fields.put("due", due)
            for key in wanted { if let value = payload.value(key) { fields.put(key, value: value) } }
            for key in ["fee", "flags", "lines"] {
                if let value = charge.value(key) { fields.put(key, value: value) }
            }
        }
    }

    /// - Parameter remaining: still to be paid for the stay; nil: nobody can say, and a quote does.
    package init(payment record: Sequence, _ settlement: Settlement, remaining: Money?) {
        self.init { fields in
            fields.put("record", record.number)
            fields.put("serial", settlement.notice.serial)
            fields.put("amount", settlement.notice.amount.minorUnits)
            fields.put("use", settlement.use.word)
            fields.put("stay", ifPresent: settlement.use.stay?.number)
            fields.put(collected: settlement.collected)
            if case .arrears(_, let rest) = settlement.use { fields.put("rest", rest.minorUnits) }
            fields.put("remaining", ifPresent: remaining?.minorUnits)
            fields.put("explanation", settlement.use.explanation)
        }
    }

    /// - Parameter record: the booking that gave the money back.
    package init(cancelled payment: String, by record: Sequence, refunded: Money) {
        self.init { fields in
            fields.put("record", record.number)
            fields.put("payment", payment)
            fields.put("refunded", refunded.minorUnits)
        }
    }
}

extension SettlementUse {
    /// For whoever paid and asks what became of it.
    fileprivate var explanation: String {
        switch self {
        case .stay(let stay): "counts for stay \(stay.number)"
        case .arrears(let stay, .zero): "paid off what was owed for stay \(stay.number), which is over"
        case .arrears(let stay, let rest):
            "paid off what was owed for stay \(stay.number), which is over; \(rest.minorUnits) more than that, "
                + "to be given back"
        case .refundable(let stay): "stay \(stay.number) is over and owes nothing: to be given back"
        case .stored: "put into a balance"
        case .unmatched:
            "no vehicle, stay or quote here is meant by it: kept until a person finds whose it is"
        }
    }
}
