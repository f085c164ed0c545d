// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `receipt`: what a stay cost and how it was paid, with what shows that the record of it stands in the ledger. What is
/// shown of the record is what it says (`ReceiptContents`); payments and what is still owed are of other records, and
/// nothing here proves them.
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
    ///   - stillOwed: of what the stay left owing.
    ///   - proof: the object that a verifier reads.
    ///   - code: the text of a QR code.
    ///   - contact: whom to ask about it, as the site says.
    package init(
        site: String, gateway: String, _ contents: ReceiptContents, stillOwed: Money = .zero,
        settlements: [Settled], proof: Fields, code: String, contact: String? = nil
    ) throws(FieldError) {
        let json = FieldWriter.object { fields in
            fields.put("site", site)
            fields.put("gateway", gateway)
            fields.put("contact", ifPresent: contact)
            for name in ReceiptContents.names {
                if let value = contents.value(name) { fields.put(name, value: value) }
            }
            if contents.record.number("owed") ?? 0 != 0 { fields.put("still_owed", stillOwed.minorUnits) }
            fields.put("settlements", objects: settlements) { $0.write(to: &$1) }
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
