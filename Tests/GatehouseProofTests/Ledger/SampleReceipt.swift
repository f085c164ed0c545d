// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseProof

/// A receipt of a stay that left owing, as a gateway writes it, and what somebody may make of it.
struct SampleReceipt {
    let proof: ReceiptProof
    let checkpoint: [UInt8]
    let key: NoteKey
    private var shown: [(name: String, json: String)] = []

    static let payload =
        #"{"stay":2,"plate":"沪A2K605","category":"common.temp_parking","outcome":"owed","tariff":"estate","#
        + #""version":3,"tariff_hash":"9f2c","currency":"CNY","entry_s":1778025600,"exit_s":1778031300,"#
        + #""class":"small","charge":{"status":"PAY","gross":900,"fee":800,"due":800,"flags":["CAP"],"#
        + #""lines":[{"code":"CHARGE","amount":900},{"code":"ROUNDING","amount":-100}]},"paid":300,"owed":500,"#
        + #""excess":0,"postings":[{"account":"assets.arrears","amount":500}]}"#

    /// Members that say something else than the record of stay 2.
    static let forged = [
        ("record", "3"), ("stay", "3"), ("plate", #""京A00001""#), ("category", #""x""#), ("entry_s", "1"),
        ("exit_s", "true"), ("entry", #""2026-05-06T00:00:01.000Z""#), ("exit", "1778031300"),
        ("class", #""large""#), ("tariff", #""other""#), ("version", #""3""#), ("tariff_hash", #""00""#),
        ("currency", #""JPY""#), ("gross", "800"), ("fee", "100"), ("due", "null"), ("flags", "[]"),
        ("lines", #"[{"code":"CHARGE","amount":900}]"#),
        ("lines", #"[{"code":"CHARGE","amount":900},{"code":"ROUNDING","amount":-900}]"#),
        ("paid", "800"), ("owed", "0"), ("collected", #"[{"stay":"1","amount":5}]"#), ("excess", "1"),
        ("outcome", #""paid""#), ("qr", #""GHL1;gate.example/north;2;1;00;0""#), ("charge", "{}"),
        ("postings", "[]"),
    ]

    /// - Parameter due: as the QR code has it.
    init(_ payload: String = Self.payload, due: String = "800") throws {
        let ledger = try SampleLedger(records: 3, kind: "stayCharged") { number in
            number == 2 ? payload : #"{"stay":\#(number)}"#
        }
        guard let proof = try ledger.receipt(1, size: 2, until: 3) else {
            throw FieldError.missing(key: "payload")
        }
        self.proof = proof
        checkpoint = try ledger.checkpoint(3)
        key = ledger.signer.key
        let contents = try ReceiptContents(Sequence(2), try Fields(bytes(payload)))
        shown = [("site", #""estate""#), ("settlements", "[]")]
        for name in ReceiptContents.names {
            guard let value = contents.value(name) else { continue }
            shown.append((name, String(decoding: FieldWriter.json(value), as: UTF8.self)))
        }
        let code = "GHL1;\(SampleLedger.origin);2;1;\(proof.leafHash);\(due)"
        shown.append(("qr", "\"\(code)\""))
        shown.append(("proof", String(decoding: proof.json ?? [], as: UTF8.self)))
    }

    /// The file, with one member as it should not be.
    func json(_ name: String = "", _ value: String = "") -> [UInt8] {
        var members = shown.map { $0.name == name ? (name, value) : $0 }
        if !name.isEmpty, !members.contains(where: { $0.0 == name }) { members.append((name, value)) }
        return FieldWriter.object { fields in
            for (name, json) in members { fields.put(name, json: bytes(json)) }
        }
    }
}
