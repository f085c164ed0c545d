// SPDX-License-Identifier: Apache-2.0

/// `gatehouse verify` for people.
package enum VerifyText {
    package static func text(_ result: VerifyResult) -> String {
        var lines = [
            "records 1 to \(result.head): \(result.recordsChecked) checked, "
                + "\(result.payloadsDeleted) with deleted content",
            "last hash \(result.headHash)",
        ]
        switch result.foldedFrom {
        case 0: lines.append("state folded from the beginning, \(result.rowsCompared) rows compared")
        case let start?:
            lines.append(
                "state folded from the seal at record \(start), \(result.rowsCompared) rows compared")
        case nil: lines.append("state not folded: neither the beginning nor a seal is whole")
        }
        lines += result.troubles.map { "BAD: \($0.text)" }
        if result.isCutShort { lines.append("BAD: and more") }
        lines.append(
            result.isSound
                ? "sound" : "NOT SOUND: keep the folder as it is, and compare with a backup and with upstream"
        )
        return lines.joined(separator: "\n")
    }
}
