// SPDX-License-Identifier: Apache-2.0

/// What a person reads who verifies a receipt; docs/verify_receipt.py says the same.
extension ReceiptCheck: CustomStringConvertible {
    package var description: String {
        switch self {
        case .checkpointSigned(let checkpoint):
            "the receipt's checkpoint of \(checkpoint.origin) over \(checkpoint.size) records is signed"
        case .recordIncluded(let leaf, let index, let size):
            "the record is leaf \(index) of \(size), hash \(leaf)"
        case .givenCheckpointSigned(let checkpoint):
            "the given checkpoint of \(checkpoint.origin) over \(checkpoint.size) records is signed"
        case .sameTree(let size): "both checkpoints are of the same ledger of \(size) records"
        case .treeContinued(let from, let to):
            "the ledger of \(to) records begins with the \(from) of the receipt's checkpoint"
        }
    }
}

extension ReceiptFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badSalt(let bytes, let expected): "salt: \(bytes) bytes, not \(expected)"
        case .checkpoint(let fault): "checkpoint: \(fault)"
        case .sizeMismatch(let stated, let size):
            "checkpoint: it is over \(size) records, the receipt says \(stated)"
        case .notIncluded(let leaf, let index, let size, let root):
            "inclusion: the record, hash \(leaf), is not leaf \(index) of the \(size) under root \(root)"
        case .givenCheckpoint(let fault): "given checkpoint: \(fault)"
        case .forked(let size, let root, let given):
            "same ledger: two signed checkpoints over \(size) records have the roots \(root) and \(given)"
        case .givenCheckpointOlder(let size, let receipt):
            "consistency: the given checkpoint is over \(size) records, the receipt's over \(receipt)"
        case .otherCheckpoint(let leadsTo, let given):
            "consistency: this receipt leads to the checkpoint over \(leadsTo) records, the given one is over "
                + "\(given)"
        case .notConsistent(let from, let root, let to, let given):
            "consistency: \(from) records under root \(root) do not lead to \(to) under \(given)"
        case .unreadableRecord(let error): "contents: the record cannot be read: \(error)"
        case .shownOtherwise(let member, let shown, let proven):
            "contents: \(member) is shown as \(shown), the record says \(proven ?? "nothing of it")"
        }
    }
}

extension String {
    /// What was read may hold characters that do something to a terminal.
    package var harmless: String {
        String(String.UnicodeScalarView(unicodeScalars.flatMap { Array(Self.harmless($0).unicodeScalars) }))
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
        default: return String(scalar)
        }
    }
}
