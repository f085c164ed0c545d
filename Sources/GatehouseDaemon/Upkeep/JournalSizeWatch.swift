// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

/// `journal.maximum_size` bounds what may be deleted, not what must be kept: records that upstream has not confirmed,
/// money and stays stay. When they alone are more, nothing is lost and somebody has to know.
struct JournalSizeWatch: Sendable {
    static let fault = "journal_over_limit"

    private var isOver = false

    /// After a run of retention; nil: nothing new.
    mutating func judge(bytes: Int64, maximum: Int64, waiting: Int64) -> DeviceEvent? {
        guard isOver != (bytes > maximum) else { return nil }
        isOver.toggle()
        guard isOver else { return .faultCleared(code: Self.fault) }
        let backlog =
            waiting > 0
            ? "\(waiting) records wait for upstream: mend the uplink" : "all of it is kept for good"
        return .faultRaised(
            code: Self.fault, severity: .warning,
            detail:
                "the journal takes \(bytes / 1_000_000) MB, more than maximum_size (\(maximum / 1_000_000) MB), and nothing more "
                + "may go: \(backlog), or allow more while the disk has room")
    }
}
