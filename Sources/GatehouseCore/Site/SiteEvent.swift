// SPDX-License-Identifier: Apache-2.0

/// Whoever waits for an answer: a technician's request, a camera's HTTP exchange. Made in the shell, unique
/// within one run of the process.
package struct ReplyID: Hashable, Comparable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: ReplyID, b: ReplyID) -> Bool { a.number < b.number }
}

/// Everything that can happen to a site. Nested by whom it concerns, so that the list stays readable.
package enum SiteEvent: Sendable {
    /// First event: who we are and what the journal remembers is already in the state.
    case started(ProcessStart)
    case stopping
    case observed(Observation, reply: ReplyID?)
    case presented(CardPresented)
    /// A driver holds a phone to the scanner of this lane.
    case codeScanned(LaneID, PaymentCode)
    case input(Terminal, Level, since: Uptime)
    case device(DeviceID, DeviceEvent)
    /// A part of the process that is no device.
    case service(SiteService, DeviceEvent)
    case command(DeviceCommand.ID, CommandOutcome)
    /// To the lane of this name: the numbers of lanes change with the plan, and a reload may come before the order.
    case order(lane: String, LaneOrder, reply: ReplyID)
    case operation(Operation, by: Operator, reply: ReplyID)
    case directory(Directory)
    case plan(SitePlan, hash: String)
    case housekeeping(Housekeeping, reply: ReplyID?)
    case store(StoreCondition)
    case timer(SiteTimer)
    /// The wall clock moved by this much against the monotonic one.
    case clockStepped(Duration)
    /// A grant could not wait for its record any longer.
    case actedBeforeDurable(Sequence)
    case performed(CommandTrace)
}

/// How a command went, in microseconds after the decision, for `gatehouse explain`.
package struct CommandTrace: Hashable, Sendable {
    package var command: DeviceCommand
    package var outcome: String
    /// Decision to release: the commit wait of a grant.
    package var heldMicroseconds: Int64
    /// Decision to the device's bytes written.
    package var writtenMicroseconds: Int64?
    package var confirmedMicroseconds: Int64?

    package init(
        command: DeviceCommand, outcome: String, heldMicroseconds: Int64, writtenMicroseconds: Int64? = nil,
        confirmedMicroseconds: Int64? = nil
    ) {
        self.command = command
        self.outcome = outcome
        self.heldMicroseconds = heldMicroseconds
        self.writtenMicroseconds = writtenMicroseconds
        self.confirmedMicroseconds = confirmedMicroseconds
    }
}

/// A camera's claim on its way in, with what its session measured.
package struct Observation: Hashable, Sendable {
    package var device: DeviceID
    package var plate: PlateObservation
    /// When the picture was taken, on our monotonic clock.
    package var capturedAt: Uptime
    /// The camera's stamp minus receipt; nil when it sent none.
    package var clockOffset: Duration?
    /// Live-marked and within the freshness window.
    package var isFresh: Bool
    /// Last byte from the device, for the trace.
    package var receivedAt: Uptime

    package init(
        device: DeviceID, plate: PlateObservation, capturedAt: Uptime, clockOffset: Duration? = nil,
        isFresh: Bool = true, receivedAt: Uptime
    ) {
        self.device = device
        self.plate = plate
        self.capturedAt = capturedAt
        self.clockOffset = clockOffset
        self.isFresh = isFresh
        self.receivedAt = receivedAt
    }
}

/// What runs beside the lanes, as the subject of its faults.
package enum SiteService: String, Hashable, Sendable, CaseIterable {
    case cameraPort = "camera port"
    case diagnosticsSocket = "diagnostics socket"
    case pictures
    case uplink
    case paymentChannel = "payment channel"
    case clock
    case journal
    case ledger
}

package enum DeviceEvent: Hashable, Sendable {
    /// Its conversation begins anew: faults that an earlier one left behind stand no longer.
    case begins
    case faultRaised(code: String, severity: FaultSeverity, detail: String)
    case faultCleared(code: String)
    /// An output of the board reads on beyond its pulse though twice written off, or let go.
    case outputStuck(channel: Int, Bool)
    /// The board lost power or restarted: loops behind it may have re-tuned, outputs are idle.
    case restarted
}

package enum FaultSeverity: String, Hashable, Sendable {
    /// Somebody should look at it at the next visit.
    case notice
    /// Service is worse.
    case warning
    /// The device or lane does not do its work.
    case critical
}

/// The process's own beginning, from the shell.
package struct ProcessStart: Hashable, Sendable {
    package var version: String
    package var planHash: String
    /// The last process said `processStopped`.
    package var wasClean: Bool
    /// The kernel's boot id differs from the last record's: power may have been lost, loops re-tuned.
    package var isNewBoot: Bool

    package init(version: String, planHash: String, wasClean: Bool, isNewBoot: Bool) {
        self.version = version
        self.planHash = planHash
        self.wasClean = wasClean
        self.isNewBoot = isNewBoot
    }
}

/// What retention, seals and the uplink did, to be journaled.
package enum Housekeeping: Hashable, Sendable {
    /// Upstream refuses this record alone, and the next ones go without it.
    case recordSetAside(Sequence, why: String)
    /// A person has everything after this record sent upstream again.
    case replayOrdered(after: Sequence, by: Operator)
    /// A person sets the wall clock to this. The step itself, if it is one, follows as `clockStepped`.
    case clockSetOrdered(to: WallTime, by: Operator, reason: String)
    case sealed(through: Int64, hash: String)
    case payloadsDeleted(PayloadsDeleted)
    case imagesDeleted(count: Int, bytes: Int64)
    case ledgerKey(LedgerKeyFact)
}

package enum StoreCondition: Hashable, Sendable {
    case available
    case unavailable(String, room: RecordRoom)
}

/// What the bounded buffer of records in flight still takes. What it does not take is counted.
package enum RecordRoom: Hashable, Sendable {
    case all
    /// Half is full: reads and repeats are counted only, so that cameras do not take the place of commands, passages
    /// and what people do.
    case essential
    case none
}

/// Timers of the site and its lanes.
package enum SiteTimer: Hashable, Sendable {
    case lane(LaneID, LaneTimer)
    case walkway(LaneID, WalkwayTimer)
    /// A vehicle that waits for its payment is looked at again.
    case quote(LaneID)
    /// The next open collection order is looked at.
    case collections
    case drill
}

/// A command on its way to a device.
package struct DeviceCommand: Hashable, Sendable {
    package struct ID: Hashable, Comparable, Sendable {
        package var number: Int64

        package init(_ number: Int64) { self.number = number }

        package static func < (a: ID, b: ID) -> Bool { a.number < b.number }
    }

    package var id: ID
    package var lane: LaneID
    package var output: LaneOutput
    package var terminal: Terminal
    package var action: OutputAction
    package var commandClass: CommandClass
    /// Not written after this instant; nil: asserted until replaced.
    package var expires: Uptime?
    /// Inputs that must read off and fresh when the bytes are written; for closes.
    package var mustBeOff: [Terminal]
    /// The record that says so; a grant waits until it is durable.
    package var record: Sequence
    /// Why, in the operator's words.
    package var cause: String

    /// It lowers an arm; putting the close contact to rest does not.
    package var isClose: Bool { output == .close && action != .off }

    package init(
        id: ID, lane: LaneID, output: LaneOutput, terminal: Terminal, action: OutputAction,
        commandClass: CommandClass, expires: Uptime?, mustBeOff: [Terminal] = [], record: Sequence,
        cause: String
    ) {
        self.id = id
        self.lane = lane
        self.output = output
        self.terminal = terminal
        self.action = action
        self.commandClass = commandClass
        self.expires = expires
        self.mustBeOff = mustBeOff
        self.record = record
        self.cause = cause
    }
}

/// What the site wants done.
package enum SiteEffect: Hashable, Sendable {
    case record(Record)
    case command(DeviceCommand)
    /// Queued closes at these terminals die now.
    case withdraw([Terminal])
    case startTimer(SiteTimer, at: Uptime)
    case stopTimer(SiteTimer)
    case triggerCamera(DeviceID)
    case show(LaneID, LaneText)
    case callGuard(LaneID, String)
    /// Said only when everything up to `after` is durable.
    case answer(ReplyID, Answer, after: Sequence)
    /// A provider is asked for something of an order, when the order's record is durable and not after `until`.
    case collect(CollectionRequest, until: Uptime)
    /// Nothing more is asked of this order.
    case collectionOver(Sequence)
    /// Permits, households or lists changed: the directory is to be built anew off the loop.
    case directoryChanged(through: Sequence)
}

package enum Answer: Hashable, Sendable {
    /// The record that says what was done.
    case done(Sequence)
    case refused(code: String, message: String)
    /// Nothing was durable in time.
    case notStored(String)
}
