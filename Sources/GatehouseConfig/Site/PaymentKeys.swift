// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What a lane has for people who pay by phone: `scanner` and `payment_code`.
struct PaymentKeys {
    let devices: [DeviceDraft]

    func read(_ reader: MappingReader, _ lane: inout LaneDraft, _ id: LaneID) {
        for key in ["scanner", "payment_code"] {
            guard let field = reader.optional(key) else { continue }
            guard lane.plan.kind != .entry || !lane.knowsKind else {
                field.error("an entry takes no money", hint: "write it at an exit or a two-way lane")
                continue
            }
            if key == "scanner" {
                lane.scanner = scanner(field, id)
            } else {
                lane.paymentCode = code(field)
            }
        }
    }

    private func scanner(_ field: Field, _ lane: LaneID) -> ScannerDraft? {
        field.device(.scanner, among: devices).map {
            ScannerDraft(field: field, wire: ScannerWire(device: $0, lane: lane))
        }
    }

    private func code(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        guard CodeText.isPrintable(text), text.utf8.count <= CodeText.longest else {
            field.error(
                "use 1 to \(CodeText.longest) printable ASCII characters without spaces", found: text,
                hint: "write other characters as %E4%BA%AC")
            return nil
        }
        return text
    }

    /// `charging.dynamic_code`.
    static func template(_ field: Field) -> CodeTemplate? {
        guard let text = field.text() else { return nil }
        do {
            return try CodeTemplate(text)
        } catch {
            let (message, hint) = words(error)
            field.error(message, found: text, hint: hint)
            return nil
        }
    }

    private static func words(_ mistake: CodeTemplate.Mistake) -> (message: String, hint: String) {
        let places = CodeTemplate.Place.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
        switch mistake {
        case .unprintable:
            return ("use printable ASCII characters without spaces", "write other characters as %E4%BA%AC")
        case .tooLong(let count):
            return ("\(count) characters, at most \(CodeText.longest)", "a short link of the platform")
        case .unknownPlace(let name): return ("{\(name)} is filled by nobody", "known: \(places)")
        case .brace: return ("a brace without its other one", "places are written \(places)")
        case .nobodys:
            return (
                "it is the same for everybody: it names neither {quote} nor {stay}",
                "a code of the lane is payment_code: in the lane"
            )
        }
    }
}
