// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What can be asked over the diagnostics socket: defined once, used by the daemon's one `switch`, the
/// command line's subcommands and the guard's page.
package enum DiagnosticRequest: Hashable, Sendable {
    case status
    /// Lines as they happen, until the connection closes.
    case watch
    case events(EventQuery)
    case explain(Int64)
    case faults
    case lane(name: String, LaneRequest)
    /// Asks the device for a picture or its next bytes.
    case capture(device: String)
    /// What the cameras saw of a read, a passage or a stay.
    case sights(Int64)
    /// A picture's bytes, by the SHA-256 that its record names.
    case picture(String)
    case verify
    case permit(PermitRequest)
    case list(ListRequest)
    /// One chunk of an import; all chunks carry the same file name.
    case importDirectory(file: String, changes: [DirectoryChange])
    case stay(StayRequest)
    case recount(area: String, cars: Int, reason: String)
    /// What fire release does is recorded as drill.
    case drill(DrillOrder)
    case reload
    /// Everything after this record goes upstream once more.
    case replay(after: Int64)
    case clock(ClockRequest)
    /// Quotes, cash, releases with a reason, the drawer, corrections.
    case money(MoneyOrder)
    case ledger(LedgerRequest)

    package var authority: Authority {
        switch self {
        // Whose money it is, and for which plate a coupon waits.
        case .ledger(.coupons), .ledger(.stored): .guard
        case .ledger(.rotateKey): .technician
        case .status, .watch, .events, .explain, .faults, .sights, .ledger: .observe
        case .lane(_, let request): request.authority
        case .permit(.show), .list(.show), .stay(.list), .stay(.show), .clock(.show): .observe
        case .stay, .recount, .picture: .guard
        case .money(.refund), .money(.correct), .money(.settleDispute), .money(.giveBackStored),
            .money(.heard):
            .technician
        case .money: .guard
        case .capture, .verify, .permit, .list, .importDirectory, .drill, .reload, .replay, .clock:
            .technician
        }
    }
}

package struct EventQuery: Hashable, Sendable {
    /// Records after this one; nil: the newest `limit`.
    package var after: Int64?
    package var since: WallTime?
    package var kinds: [String]
    package var limit: Int

    package static let maximumLimit = 10_000

    package init(after: Int64? = nil, since: WallTime? = nil, kinds: [String] = [], limit: Int = 100) {
        self.after = after
        self.since = since
        self.kinds = kinds
        self.limit = limit
    }
}

package struct LaneRequest: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case open, close, hold, release, emergency, confirm, refuse
        case seenEmpty = "seen-empty"
    }

    package enum Position: String, Hashable, Sendable, CaseIterable { case open, closed }

    package var action: Action
    /// Of `hold`, which needs one.
    package var position: Position?
    package var until: WallTime?
    /// Of `open` at a turnstile or a door: for whom; in when left out.
    package var way: TravelDirection?
    package var reason: String
    package var note: String?
    package var isOnSite: Bool

    package init(
        action: Action, position: Position? = nil, until: WallTime? = nil, way: TravelDirection? = nil,
        reason: String, note: String? = nil, isOnSite: Bool = false
    ) {
        self.way = way
        self.action = action
        self.position = position
        self.until = until
        self.reason = reason
        self.note = note
        self.isOnSite = isOnSite
    }

    var authority: Authority {
        switch action {
        case .open, .close, .emergency, .confirm, .refuse: .guard
        case .hold, .release, .seenEmpty: .technician
        }
    }
}

package enum PermitRequest: Hashable, Sendable {
    case set(Permit)
    case end(Int64, reason: String)
    case show(plate: String?)
}

package enum ListRequest: Hashable, Sendable {
    case set(ListEntry)
    case end(Int64, reason: String)
    case show
}

package enum StayRequest: Hashable, Sendable {
    case list(all: Bool)
    case show(Int64)
    case correct(Int64, plate: String, reason: String)
    case match(Int64, with: Int64, reason: String)
    case close(Int64, reason: String)
    case claim(Int64, plate: String, reason: String)
    case `import`(area: String, plates: [String], reason: String)
}

package enum ClockRequest: Hashable, Sendable {
    case show
    /// Somebody with the right to is about to set the clock to this: it goes into the journal first, and is then no step
    /// that nobody vouches for.
    case set(WallTime, reason: String)
}
