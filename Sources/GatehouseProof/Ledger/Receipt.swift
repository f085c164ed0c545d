// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A receipt as its holder has it: the proof, and what the file shows beside it. Only the record in the proof is the
/// ledger's; the rest is as good as whoever wrote the file.
package struct Receipt: Hashable, Sendable {
    package let proof: ReceiptProof
    package let shown: [Fields.Member]

    /// What a receipt that holds says.
    package struct Finding: Hashable, Sendable {
        package var checks: [ReceiptCheck]
        /// The payload of the record.
        package var record: Fields
        /// Members beside the proof that it says nothing about.
        package var unproven: [String]
    }

    package init(_ bytes: [UInt8]) throws(FieldError) {
        let fields = try Fields(bytes)
        try ReceiptProof.checkUnique(fields)
        proof = try ReceiptProof(try fields.object("proof"))
        shown = fields.members.filter { $0.key != "proof" }
    }

    /// - Parameter checkpointFile: from another source than the receipt; see `ReceiptProof.verify`.
    package func verify(
        checkpointFile: [UInt8]? = nil, keys: [NoteKey]
    ) throws(ReceiptFault) -> Finding {
        let checks = try proof.verify(checkpointFile: checkpointFile, keys: keys)
        let contents: ReceiptContents
        do throws(FieldError) {
            let record = try Fields(proof.payload)
            try ReceiptProof.checkUnique(record)
            contents = try ReceiptContents(proof.sequence, record)
        } catch {
            throw .unreadableRecord(error)
        }
        var unproven: [String] = []
        for member in shown {
            let proven: Fields.Value? =
                member.key == "qr" ? .string(proof.code(of: contents)) : contents.value(member.key)
            if proven == nil, !ReceiptContents.names.contains(member.key) {
                unproven.append(member.key)
            } else if proven?.says(member.value) != true {
                throw .shownOtherwise(
                    member: member.key, shown: Self.text(member.value), proven: proven.map(Self.text))
            }
        }
        return Finding(checks: checks, record: contents.record, unproven: unproven)
    }

    /// A list of lines may be long; where it begins is enough to find it.
    private static func text(_ value: Fields.Value) -> String {
        String(decoding: FieldWriter.json(value), as: UTF8.self).beginning
    }
}

extension ReceiptProof {
    /// The text of a receipt's QR code, what a telephone needs to ask whether the receipt is in the ledger:
    /// `GHL1;gatehouse.mingqiang.gateway;184;183;<leaf hash>;800`.
    package func code(of contents: ReceiptContents) -> String {
        let origin = String(decoding: checkpoint.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        var due = ""
        if case .integer(let amount) = contents.value("due") { due = String(amount) }
        return "GHL1;\(origin);\(size);\(leaf);\(leafHash);\(due)"
    }
}
