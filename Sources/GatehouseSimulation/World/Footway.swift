// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A turnstile or a door with its board, as it stands there.
protocol FootUnit {
    var board: RelayBoardModel { get set }
    var nextChange: Uptime? { get }
    /// Relay of each output that lets somebody through.
    var openings: [Int: String] { get }
    var redRelay: Int { get }

    mutating func advance(to now: Uptime)
    mutating func setFire(_ isOn: Bool)
    mutating func setReset(_ isPressed: Bool)
    mutating func pressExit(at now: Uptime)
    /// Whoever pushes that way gets through.
    func isOpen(_ direction: TravelDirection, at now: Uptime) -> Bool
}

extension TurnstileModel: FootUnit {
    var openings: [Int: String] {
        [
            wiring.releaseIn: "release_in", wiring.releaseOut: "release_out", wiring.holdIn: "hold_in",
            wiring.holdOut: "hold_out",
        ]
    }
    var redRelay: Int { wiring.red }
}

extension DoorModel: FootUnit {
    var openings: [Int: String] { [wiring.unlock: "unlock"] }
    var redRelay: Int { wiring.red }

    func isOpen(_ direction: TravelDirection, at now: Uptime) -> Bool { isUnlocked || openSince != nil }
}

/// One way for people: what the checkers call the truth.
struct Footway {
    let lane: LaneID
    var unit: any FootUnit
    /// Relay edges handled so far.
    var edgesSeen = 0
    /// When it is looked at next without being asked.
    var lookAt: Uptime?
    /// People at it, in the order of their coming.
    var queue: [Int] = []
    /// Nobody walks through another: when the last one pushed.
    var lastPush = Uptime.zero
    /// Somebody stands in the door until then.
    var keptOpenUntil = Uptime.zero

    init(lane: LaneID, plan: WalkwayPlan) {
        self.lane = lane
        switch plan.kind {
        case .turnstile: unit = TurnstileModel()
        case .door: unit = DoorModel()
        }
    }

    var isTurnstile: Bool { unit is TurnstileModel }
    var door: DoorModel? { unit as? DoorModel }

    /// The line answers; a stuck input is as quiet as a sound one.
    var isLineSound: Bool {
        let faults = unit.board.faults
        return !faults.isDeaf && !faults.isMute && !faults.corruptsReplies
    }

    /// Changes what only a turnstile has.
    mutating func turnstile(_ change: (inout TurnstileModel) -> Void) {
        guard var model = unit as? TurnstileModel else { return }
        change(&model)
        unit = model
    }

    /// Changes what only a door has.
    mutating func door(_ change: (inout DoorModel) -> Void) {
        guard var model = unit as? DoorModel else { return }
        change(&model)
        unit = model
    }
}

/// A card reader on its line.
struct FootReader {
    let wire: ReaderWire
    var model: CardReaderModel
    var isUnplugged = false
    /// The card's field is weak, or the cable is: some bits of some bytes turn.
    var garbles = false
    /// Powered and deaf: nothing comes, and nobody can know.
    var isSilent = false
    /// A card lies there until then.
    var until = Uptime.zero
}
