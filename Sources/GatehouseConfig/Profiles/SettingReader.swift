// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

extension Field {
    /// A driver's setting, checked against its description, in the form that reaches the plan.
    func setting(_ description: SettingDescription) -> String? {
        switch description.kind {
        case .text: text()
        case .flag: flag().map { $0 ? "true" : "false" }
        case .integer(let range): integer(in: range, quoted: true).map(String.init)
        case .duration(let range): duration(in: range).map { String($0.inMilliseconds) }
        case .choice(let words): choice(words)
        case .names(let most): names(atMost: most)
        }
    }

    private func names(atMost most: Int) -> String? {
        var names: [String] = []
        for field in oneOrMany(mayBeEmpty: true) {
            guard let name = field.raw(expecting: "a name or a number") else { return nil }
            guard !name.isEmpty, !name.contains(",") else {
                field.error("a name without commas", found: name)
                return nil
            }
            guard !names.contains(name) else {
                field.error("it is in this list already", found: name)
                return nil
            }
            names.append(name)
        }
        guard names.count <= most else {
            error("at most \(most)", found: "\(names.count) names")
            return nil
        }
        return names.joined(separator: ",")
    }
}
