// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// `journal:`
struct JournalSection {
    func read(_ reader: MappingReader) -> JournalPlan {
        var plan = JournalPlan()
        if let path = reader.optional("folder")?.absolutePath() { plan.folder = path }
        if let value = reader.optional("act_within")?.duration(in: .zero...(.seconds(1))) {
            plan.actWithin = value
        }
        if let value = reader.optional("keep_days")?.integer(in: 30...3650) { plan.keepDays = value }
        let sizes: ClosedRange<Int64> = 50_000_000...1_000_000_000_000
        if let value = reader.optional("maximum_size")?.size(in: sizes) { plan.maximumBytes = value }
        if let value = reader.optional("image_keep_days")?.integer(in: 1...365) { plan.imageKeepDays = value }
        if let value = reader.optional("image_maximum_size")?.size(in: sizes) {
            plan.imageMaximumBytes = value
        }
        reader.finish()
        return plan
    }
}

/// `network:`
struct NetworkSection {
    func read(_ reader: MappingReader) -> NetworkPlan {
        var plan = NetworkPlan()
        if let field = reader.optional("camera_listener"), let text = field.raw(expecting: "address:port") {
            if HostAddress.isValid(text, needsPort: true) {
                plan.cameraListener = text
            } else {
                field.error("use address:port, for example 0.0.0.0:8080", found: text)
            }
        }
        if let path = reader.optional("diagnostics_socket")?.absolutePath() {
            if path.utf8.count <= 100 {
                plan.diagnosticsSocket = path
            } else {
                reader.optional("diagnostics_socket")?.error(
                    "a socket's path has at most 100 bytes", found: path)
            }
        }
        reader.finish()
        return plan
    }
}

extension Field {
    /// The name of a systemd credential: the secret itself never stands in a site file.
    func credential() -> String? {
        guard let text = text() else { return nil }
        let isName = text.utf8.allSatisfy {
            ScalarForms.isDigit($0) || "-_.".utf8.contains($0) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)
        }
        guard isName, text.utf8.count <= 64, !text.hasPrefix(".") else {
            error(
                "use the name of a credential: letters, digits, - _ .",
                hint: "the secret itself is handed over by LoadCredential= in the unit")
            return nil
        }
        return text
    }

    func absolutePath() -> String? {
        guard let text = text() else { return nil }
        guard text.hasPrefix("/"), text.count > 1 else {
            error("use an absolute path", found: text)
            return nil
        }
        return text
    }
}
