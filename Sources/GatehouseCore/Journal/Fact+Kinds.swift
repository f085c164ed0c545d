// SPDX-License-Identifier: Apache-2.0

extension Fact {
    /// Kinds of records that have no enumeration of their own.
    enum Kind: String, CaseIterable {
        case processStarted, processStopped, planLoaded, clockStepped, plateRead, cardRead
        case accessGranted, accessDenied, accessHeld, barrierCommanded, commandPerformed
        case passageReverse, passageCompleted, faultRaised, faultCleared, drillStarted, drillEnded
        case actedBeforeDurable, storeUnavailable, storeRestored, sealed, payloadsDeleted
        case imagesDeleted, recordSetAside, replayOrdered, clockSetOrdered
    }

    /// Of every record that may stand in a journal: what a question may name.
    package static let kinds: [String] =
        (Kind.allCases.map(\.rawValue) + LaneNoteKind.allCases.map(\.rawValue) + StayFact.kinds
        + MoneyFact.kinds + LedgerKeyFact.kinds + DirectoryChange.kinds).sorted()
}
