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
        }
    }
}
