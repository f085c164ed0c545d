// SPDX-License-Identifier: Apache-2.0

/// Everything the journal can say, in the past tense. The kind's name and the keys of its payload are the
/// upstream contract and the hashed form; each has a golden text in the tests.
package enum Fact: Hashable, Sendable {
    case processStarted(ProcessStart)
    case processStopped
    case planLoaded(hash: String)
    /// By this much; `moved`: all steps so far with it, nil in records of earlier versions.
    case clockStepped(milliseconds: Int64, moved: Int64? = nil)
    case plateRead(PlateReadFact)
    case cardRead(CardReadFact)
    case decided(DecisionFact)
    case laneNote(lane: String, LaneNote, decision: Sequence?)
    case barrierCommanded(BarrierCommandFact)
    case commandPerformed(lane: String, CommandTrace)
    case passage(PassageFact)
    case stay(StayFact)
    case money(MoneyFact)
    case directory(DirectoryChange, by: Operator?, reason: String?)
    case faultRaised(FaultRow)
    case faultCleared(FaultRow)
    case drillStarted(Drill)
    case drillEnded(by: Operator, reason: String?)
    case actedBeforeDurable(Sequence)
    case storeUnavailable(String)
    case storeRestored(factsDropped: Int)
    case housekeeping(Housekeeping)

    package var kind: String {
        switch self {
        case .processStarted: Kind.processStarted.rawValue
        case .processStopped: Kind.processStopped.rawValue
        case .planLoaded: Kind.planLoaded.rawValue
        case .clockStepped: Kind.clockStepped.rawValue
        case .plateRead: Kind.plateRead.rawValue
        case .cardRead: Kind.cardRead.rawValue
        case .decided(let fact):
            switch fact.decision.verdict {
            case .grant: Kind.accessGranted.rawValue
            case .deny: Kind.accessDenied.rawValue
            case .pending: Kind.accessHeld.rawValue
            }
        case .laneNote(_, let note, _): note.kind.rawValue
        case .barrierCommanded: Kind.barrierCommanded.rawValue
        case .commandPerformed: Kind.commandPerformed.rawValue
        case .passage(let fact):
            (fact.passage.isReverse ? Kind.passageReverse : Kind.passageCompleted).rawValue
        case .stay(let fact): fact.kind
        case .money(let fact): fact.kind
        case .directory(let change, _, _): change.kind
        case .faultRaised: Kind.faultRaised.rawValue
        case .faultCleared: Kind.faultCleared.rawValue
        case .drillStarted: Kind.drillStarted.rawValue
        case .drillEnded: Kind.drillEnded.rawValue
        case .actedBeforeDurable: Kind.actedBeforeDurable.rawValue
        case .storeUnavailable: Kind.storeUnavailable.rawValue
        case .storeRestored: Kind.storeRestored.rawValue
        case .housekeeping(.sealed): Kind.sealed.rawValue
        case .housekeeping(.payloadsDeleted): Kind.payloadsDeleted.rawValue
        case .housekeeping(.imagesDeleted): Kind.imagesDeleted.rawValue
        case .housekeeping(.recordSetAside): Kind.recordSetAside.rawValue
        case .housekeeping(.replayOrdered): Kind.replayOrdered.rawValue
        case .housekeeping(.clockSetOrdered): Kind.clockSetOrdered.rawValue
        case .housekeeping(.ledgerKey(let fact)): fact.change.rawValue
        }
    }

    /// How long the record may wait for company. Zero: something waits for it; a second: worth losing no
    /// more; fifteen: it rides with the next passage, so that a passage costs the flash three commits.
    package var patience: Duration {
        switch self {
        case .barrierCommanded, .decided, .directory, .processStarted, .processStopped, .planLoaded: .zero
        case .drillStarted, .drillEnded, .actedBeforeDurable, .storeRestored, .housekeeping: .zero
        case .money(let fact): fact.patience
        case .plateRead, .cardRead, .passage, .stay, .clockStepped, .storeUnavailable: .seconds(1)
        case .commandPerformed: .seconds(15)
        case .faultRaised, .faultCleared: .seconds(1)
        case .laneNote(_, let note, _): note.kind.patience
        }
    }
}

extension Fact {
    /// Said again and again while cars stand and cameras look. The first to yield where room is short; never what
    /// changes a state, is counted or billed, or was done by somebody.
    var isExpendable: Bool {
        switch self {
        case .plateRead, .cardRead, .housekeeping(.imagesDeleted): true
        case .laneNote(_, let note, _):
            switch note.kind {
            case .armUp, .armDown, .duplicateRead, .lateRead, .readWithoutVehicle, .closeSuppressed,
                .codeIgnored:
                true
            default: false
            }
        default: false
        }
    }
}

extension LaneNoteKind {
    /// The quiet ones say how the arm moved; the others change what the lane remembers or what a person waits
    /// for.
    var patience: Duration {
        switch self {
        case .manualOpen, .manualRefusal, .manualClose, .holdStarted, .holdEnded, .emergency, .seenEmpty,
            .fireReleaseStarted, .fireReleaseEnded, .orderRefused, .suspicionStarted,
            .forcedOpen, .personTrapped, .tampered:
            .zero
        case .armUp, .armDown, .duplicateRead, .closeSuppressed, .lateRead, .readWithoutVehicle,
            .decisionUnused, .codeIgnored,
            .leftUndecided, .leftRefused, .suspicionEnded:
            .seconds(15)
        default: .seconds(1)
        }
    }
}

package struct PlateReadFact: Hashable, Sendable {
    package var lane: String
    package var camera: String
    package var reading: PlateReading
    package var confidence: Int?
    package var direction: ObservedDirection
    package var capturedAt: WallTime?
    package var clockOffset: Duration?
    package var isLive: Bool
    package var isFresh: Bool
    package var isKnown: Bool
    package var duplicateKey: String?
    package var openedByCamera: Bool
    package var images: [ImageReference]
    /// Last byte from the device to the engine.
    package var arrivalMicroseconds: Int64
    /// Before the camera's own correction, and its own code of the kind: what it sent is kept beside what we
    /// made of it.
    package var original: String?
    package var typeCode: String?
}

package struct CardReadFact: Hashable, Sendable {
    package var lane: String
    package var reader: String
    /// Masked: a whole number could be copied from the journal.
    package var card: String
    package var direction: TravelDirection
    package var isKnown: Bool
    /// Last byte from the device to the engine.
    package var arrivalMicroseconds: Int64
}

package struct DecisionFact: Hashable, Sendable {
    package var lane: String
    package var direction: TravelDirection
    package var isPresenceConfirmed: Bool
    package var read: Sequence?
    package var raw: String?
    package var confidence: Int?
    package var otherReads: [Sequence]
    package var decision: Decision
}

package struct BarrierCommandFact: Hashable, Sendable {
    package var lane: String
    package var output: LaneOutput
    package var action: OutputAction
    package var commandClass: CommandClass
    package var cause: CommandCause
    /// The decision that it carries out.
    package var decision: Sequence?
    package var life: Duration?
}

package struct PassageFact: Hashable, Sendable {
    package var lane: String
    package var passage: Passage
    package var decision: Sequence?
}

/// A condition that holds until it is cleared; also its row in the projection.
package struct FaultRow: Hashable, Sendable {
    /// `device relays-north`, `lane north`, `camera port`.
    package var subject: String
    package var code: String
    package var severity: FaultSeverity
    package var detail: String
    package var since: WallTime
}
