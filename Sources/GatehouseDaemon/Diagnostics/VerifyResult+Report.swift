// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
package import GatehouseDiagnostics
package import GatehouseStore

extension VerifyResult {
    /// Also for `gatehouse verify --offline`.
    package init(_ report: VerificationReport) {
        self.init(
            isSound: report.isSound, recordsChecked: report.recordsChecked, head: report.head.number,
            headHash: "\(report.headHash)", payloadsDeleted: report.payloadsDeleted,
            foldedFrom: report.foldedFrom?.number, rowsCompared: report.rowsCompared,
            troubles: report.troubles.map { Trouble(record: $0.sequence?.number, text: $0.text) },
            isCutShort: report.isCutShort)
    }
}
