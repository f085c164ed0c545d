// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `receipt`: what a stay cost and how it was paid, with what shows that the record of it stands in the ledger. Amounts,
/// lines and tariff are the record's own; `docs/verify_receipt.py` looks at `proof` alone.
package struct ReceiptResult: ResultValue {
    /// Money that came for the stay.
    package struct Settled: ResultValue {
        package var record: Int64
        package var way: String
        package var amount: Int64
        package var use: String
        /// Seconds since 1970.
        package var at: Int64

        /// nil: no payment.
        package init?(_ record: Int64, _ payload: Fields) {
            guard let way = payload.text("way"), let amount = payload.number("amount"),
                let use = payload.text("use"), let at = payload.number("at_s")
            else { return nil }
            (self.record, self.way, self.amount, self.use, self.at) = (record, way, amount, use, at)
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("record", record)
            fields.put("way", way)
            fields.put("amount", amount)
            fields.put("use", use)
            fields.put("at_s", at)
        }

        package init(from fields: Fields) throws(FieldError) {
            record = try fields.integer("record")
            way = try fields.string("way")
            amount = try fields.integer("amount")
            use = try fields.string("use")
            at = try fields.integer("at_s")
        }
    }

    /// All of it: a receipt is kept and shown, and nothing in it is reckoned with again.
    package let fields: Fields
    package let settlements: [Settled]

    /// - Parameters:
    ///   - charge: the payload of the record that ended the stay.
    ///   - proof: the object that a verifier reads.
    ///   - code: the text of a QR code.
    ///   - contact: whom to ask about it, as the site says.
    package init(
        site: String, gateway: String, record: Int64, charge: Fields, settlements: [Settled], proof: Fields,
        code: String, contact: String? = nil
    ) throws(FieldError) {
        let bill = try charge.objectIfPresent("charge")
        let json = FieldWriter.object { fields in
            fields.put("site", site)
            fields.put("gateway", gateway)
            fields.put("contact", ifPresent: contact)
            fields.put("record", record)
            fields.copy(["stay", "plate", "category", "entry_s", "exit_s"], of: charge)
            fields.put("entry", ifStamp: charge.number("entry_s"))
            fields.put("exit", ifStamp: charge.number("exit_s"))
            fields.copy(["class", "tariff", "version", "tariff_hash", "currency"], of: charge)
            if let bill { fields.copy(["gross", "fee", "due", "flags", "lines"], of: bill) }
            fields.copy(["paid", "owed", "collected", "excess"], of: charge)
            fields.put("settlements", objects: settlements) { $0.write(to: &$1) }
            fields.copy(["outcome"], of: charge)
            fields.put("proof", value: .object(proof.members))
            fields.put("qr", code)
        }
        try self.init(from: try Fields(json))
    }

    package func write(to writer: inout FieldWriter) {
        for member in fields.members { writer.put(member.key, value: member.value) }
    }

    package init(from fields: Fields) throws(FieldError) {
        for key in ["record", "stay"] { _ = try fields.integer(key) }
        for key in ["site", "gateway", "outcome", "qr"] { _ = try fields.string(key) }
        _ = try fields.object("proof").string("payload")
        settlements = try fields.values("settlements", as: Settled.self)
        self.fields = fields
    }
}

extension FieldWriter {
    /// As they stand there; absent ones leave no key behind.
    fileprivate mutating func copy(_ keys: [String], of fields: Fields) {
        for key in keys { if let value = fields.value(key) { put(key, value: value) } }
    }

    fileprivate mutating func put(_ key: String, ifStamp second: Int64?) {
        guard let second else { return }
        let (milliseconds, overflow) = second.multipliedReportingOverflow(by: 1000)
        if !overflow { put(key, WallTime(milliseconds: milliseconds).rfc3339) }
    }
}
