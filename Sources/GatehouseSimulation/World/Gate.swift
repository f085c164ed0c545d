// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// One lane as it stands there: road, barrier, board. What the checkers call the truth.
struct Gate {
    let lane: LaneID
    let kind: LanePlan.Kind
    let closing: LanePlan.Closing
    var road = Road()
    var barrier: BarrierModel
    var board = RelayBoardModel()
    var fault = BoardFault()
    /// Relay edges handled so far.
    var edgesSeen = 0
    var barrierEventsSeen = 0
    var isButtonPressed = false
    /// When it is looked at next without being asked.
    var lookAt: Uptime?
    /// The contact of the camera that opens here is closed until then.
    var cameraPulseEnds: Uptime?
    /// Cars on this lane in the order of their arrival.
    var queue: [Int] = []

    /// What is wrong with inputs and line.
    struct BoardFault {
        /// Terminal and whether current flows, whatever happens.
        var stuck: (channel: Int, isClosed: Bool)?
        /// The next closing of the `open` contact welds it.
        var willWeld = false
        /// The camera that opens here is down, or its connections break.
        var isOpenerShaky = false
        var isAny: Bool { stuck != nil || isOpenerShaky }
        /// The safety detector's contact, normally closed, says "clear" for ever.
        var hidesVehicles: Bool { stuck.map { $0.channel == Estate.Input.safety && $0.isClosed } ?? false }
    }

    init(lane: LaneID, plan: LanePlan, at now: Uptime) {
        self.lane = lane
        kind = plan.kind
        closing = plan.closing
        var settings = BarrierModel.Settings()
        settings.closesAfter = plan.closing == .controller ? .seconds(2) : nil
        settings.closesUnused = plan.closing == .controller ? .seconds(40) : nil
        barrier = BarrierModel(settings, at: now)
    }

    /// The line answers; a stuck input is as quiet as a sound one.
    var isLineSound: Bool { !board.faults.isDeaf && !board.faults.isMute && !board.faults.corruptsReplies }

    var isBoardHealthy: Bool {
        isLineSound && board.faults.welded.isEmpty && !fault.isAny
    }

    /// Detectors and arm at this instant; the controller sees the same safety loop.
    mutating func sense(fire: Bool, reset: Bool, at now: Uptime) {
        let loops = road.detect(at: now)
        drive(at: now)
        var closed = [Bool](repeating: false, count: 8)
        closed[Estate.Input.presence - 1] = loops[0]
        closed[Estate.Input.safety - 1] = !loops[1]
        closed[Estate.Input.clear - 1] = loops[2]
        closed[Estate.Input.up - 1] = barrier.isUp
        closed[Estate.Input.down - 1] = barrier.isDown
        closed[Estate.Input.button - 1] = isButtonPressed
        closed[Estate.Input.fire - 1] = !fire
        closed[Estate.Input.reset - 1] = reset
        if let stuck = fault.stuck { closed[stuck.channel - 1] = stuck.isClosed }
        board.inputs = closed
    }

    /// The contacts as they are now, on the barrier's controller.
    mutating func drive(at now: Uptime) {
        let isCameraClosed = cameraPulseEnds.map { now < $0 } ?? false
        barrier.drive(
            open: board.isClosed(Estate.Output.open) || isCameraClosed,
            close: board.isClosed(Estate.Output.close),
            hold: board.isClosed(Estate.Output.hold), safety: road.isOn(.safety), at: now)
    }

    /// Something moves here, so that it has to be looked at.
    func isBusy(at now: Uptime) -> Bool { road.isMoving(at: now) || barrier.motion != .still }

    /// Nose of the car at the line, for its heading.
    static func line(_ heading: Int) -> Int { heading > 0 ? Road.stopLine : Road.farStopLine }
    static func start(_ heading: Int) -> Int { heading > 0 ? Road.begin : Road.end }
    static func finish(_ heading: Int) -> Int { heading > 0 ? Road.end : Road.begin }

    /// +1 for the lane's own way.
    func heading(_ direction: TravelDirection) -> Int {
        kind == .twoWay ? (direction == .in ? 1 : -1) : 1
    }
}
