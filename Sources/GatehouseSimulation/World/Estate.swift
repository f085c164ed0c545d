// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The sites that are simulated: one board, one display and one camera per lane and direction, a turnstile and a door
/// with card readers, wired as the field does.
struct Estate {
    enum Form: Int, CaseIterable {
        /// P+S+C; the controller closes the entry, the gateway the exit.
        case full
        /// P+S only; the other way round.
        case modest
        /// Entry and exit interlocked.
        case interlocked
        /// One lane for both ways.
        case twoWay
        /// The entry has no presence loop.
        case cameraPresence
        /// The cameras' own relays open both arms; the entry's display is behind its camera.
        case answering

        /// By seed, so that those that were there before the last one keep most of their seeds.
        init(seed: UInt64) {
            let others = Self.allCases.filter { $0 != .answering }
            self = seed % 12 == 5 ? .answering : others[Int(seed % UInt64(others.count))]
        }
    }

    static let area = "main"
    static let capacity = 30
    static let reserve = 5

    /// Terminals of every board.
    enum Output { static let open = 1, close = 2, hold = 3 }
    enum Input {
        static let presence = 1, safety = 2, clear = 3, up = 4, down = 5, button = 6, fire = 7, reset = 8
    }

    let form: Form
    private(set) var plan: SitePlan
    /// The board of each lane, vehicles' first and people's after them.
    private var boards: [DeviceID] = []

    /// Temporary vehicles pay.
    let prices: EstatePrices?

    init(form: Form, prices: EstatePrices? = nil, random: inout Random) {
        self.form = form
        self.prices = prices
        plan = SitePlan(id: "estate")
        plan.pricing = prices?.plan
        plan.zone = prices?.zone ?? plan.zone
        plan.areas = [AreaPlan(name: Self.area, capacity: Self.capacity, reserve: Self.reserve)]
        plan.policy.noEntryRecord = random.chance(1, in: 2) ? .confirm : .open
        switch form {
        case .full:
            add("north", .entry, closing: .controller, hold: true)
            add("south", .exit, closing: .gateway, hold: true)
        case .modest:
            add("north", .entry, closing: .gateway, hold: false, clear: false)
            add("south", .exit, closing: .controller, hold: true, clear: false)
        case .interlocked:
            add("north", .entry, closing: .gateway, hold: false)
            add("south", .exit, closing: .gateway, hold: false)
            for index in plan.lanes.indices { plan.lanes[index].interlockSet = 1 }
        case .twoWay:
            add("north", .twoWay, closing: .gateway, hold: true)
        case .cameraPresence:
            add("north", .entry, closing: .controller, hold: false, presence: false)
            add("south", .exit, closing: .gateway, hold: true)
        case .answering:
            add("north", .entry, closing: .controller, hold: true)
            add("south", .exit, closing: .controller, hold: true)
        }
        let everywhere = plan.lanes.indices.map(LaneID.init)
        wire(board: DeviceID(0), Input.fire, .fire(everywhere), .normallyClosed)
        wire(board: DeviceID(0), Input.reset, .fireReset(everywhere))
        for index in plan.lanes.indices { addCameras(LaneID(index)) }
        addTurnstile()
        addDoor()
        for index in plan.lanes.indices { addDisplay(LaneID(index)) }
    }

    private mutating func add(
        _ name: String, _ kind: LanePlan.Kind, closing: LanePlan.Closing, hold: Bool, presence: Bool = true,
        clear: Bool = true
    ) {
        let lane = LaneID(plan.lanes.count)
        let board = addBoard(name)
        var one = LanePlan(name: name, kind: kind, area: AreaID(0), closing: closing)
        one.presence = presence ? .loop : nil
        one.safety = [.loop]
        one.clear = clear ? .loop : nil
        one.hasLimitUp = true
        one.hasLimitDown = true
        one.hasGuardButton = true
        one.outputs = [.open]
        if closing == .gateway { one.outputs.insert(.close) }
        if hold { one.outputs.insert(.hold) }
        plan.lanes.append(one)
        if presence { wire(board: board, Input.presence, .lane(lane, .presence)) }
        wire(board: board, Input.safety, .lane(lane, .safety(0)), .normallyClosed)
        if clear { wire(board: board, Input.clear, .lane(lane, .clear)) }
        wire(board: board, Input.up, .lane(lane, .limitUp))
        wire(board: board, Input.down, .lane(lane, .limitDown))
        wire(board: board, Input.button, .lane(lane, .guardButton))
        if form != .answering { output(board, Output.open, lane, .open) }
        if closing == .gateway { output(board, Output.close, lane, .close) }
        if hold { output(board, Output.hold, lane, .hold) }
    }

    private mutating func addBoard(_ name: String) -> DeviceID {
        var settings = Table<String, String>()
        for (key, value) in [
            ("outputs", "8"), ("inputs", "8"), ("flash_base", "512"), ("version_register", "32768"),
        ] { settings[key] = value }
        plan.devices.append(
            DevicePlan(
                name: "relays-\(name)", profile: "waveshare-rtu-io-8ch", driver: "modbus-relay",
                address: "/dev/gatehouse/\(name)", settings: settings))
        boards.append(DeviceID(plan.devices.count - 1))
        return boards[boards.count - 1]
    }

    func board(of lane: Int) -> DeviceID { boards[lane] }

    /// The lane whose board this is.
    func lane(of board: DeviceID) -> Int? { boards.firstIndex(of: board) }

    // MARK: Displays

    /// Of the two makes that are sold everywhere, on a line of its own or on that of the lane's board.
    private mutating func addDisplay(_ lane: LaneID) {
        let name = plan.lanes[lane.index].name
        let isSecond = lane.index % 2 == 1
        var settings = Table<String, String>()
        settings["answers"] = "true"
        settings["repeat_s"] = "60"
        let device = DeviceID(plan.devices.count)
        let isShared = form == .modest
        let isPassed = form == .answering && lane.index == 0
        let own = isPassed ? "" : "/dev/gatehouse/led-\(name)"
        let line = isShared ? plan.devices[boards[lane.index].index].address : own
        plan.devices.append(
            DevicePlan(
                name: "display-\(name)", profile: isSecond ? "generic-led-aa55" : "generic-led-64",
                driver: isSecond ? "led-card-aa55" : "led-card-64", address: line, settings: settings,
                through: isPassed ? CameraPort(camera: "camera-\(name)-in", port: 1) : nil))
        plan.displays.append(DisplayWire(device: device, lane: lane))
    }

    /// The display on the line of this lane's board, by its place in the plan.
    func display(sharingLineOf lane: Int) -> Int? {
        guard form == .modest else { return nil }
        return plan.displays.firstIndex { $0.lane.index == lane }
    }

    /// The lane on whose board's line this display is.
    func lane(sharedWith display: Int) -> Int? { form == .modest ? plan.displays[display].lane.index : nil }

    /// The display on the serial port of this camera.
    func display(behind camera: Int) -> Int? {
        let name = plan.devices[plan.cameras[camera].device.index].name
        return plan.displays.firstIndex { plan.devices[$0.device.index].through?.camera == name }
    }

    /// The camera on whose serial port this display is.
    func camera(before display: Int) -> Int? {
        plan.cameras.indices.first { self.display(behind: $0) == display }
    }

    // MARK: Ways for people

    private static let turnstile = TurnstileModel.Wiring()
    private static let door = DoorModel.Wiring()

    private mutating func addTurnstile() {
        let wires = Self.turnstile
        var one = WalkwayPlan(name: "walk", kind: .turnstile, area: AreaID(0))
        one.isEscapeRoute = true
        let lane = addWalkway(
            &one,
            [
                (wires.releaseIn, .releaseIn), (wires.releaseOut, .releaseOut), (wires.holdIn, .holdIn),
                (wires.holdOut, .holdOut), (wires.green, .green), (wires.red, .red),
            ],
            [
                (wires.passageIn, .passageIn, .normallyOpen), (wires.passageOut, .passageOut, .normallyOpen),
                (wires.exitButton, .exitButton, .normallyOpen), (wires.alarm, .alarm, .normallyOpen),
            ], fire: wires.fire, reset: wires.reset)
        addReader(lane, .in)
        addReader(lane, .out)
    }

    private mutating func addDoor() {
        let wires = Self.door
        var one = WalkwayPlan(name: "door", kind: .door, area: AreaID(0))
        one.isEscapeRoute = true
        let lane = addWalkway(
            &one, [(wires.unlock, .unlock), (wires.red, .red), (wires.warn, .warn)],
            [
                (wires.contact, .doorContact, .normallyClosed),
                (wires.exitButton, .exitButton, .normallyOpen),
            ], fire: wires.fire, reset: wires.reset)
        addReader(lane, .in)
    }

    private mutating func addWalkway(
        _ one: inout WalkwayPlan, _ outputs: [(Int, LaneOutput)],
        _ inputs: [(Int, WalkwayInput, ContactWiring)], fire: Int, reset: Int
    ) -> LaneID {
        let lane = LaneID(plan.laneCount)
        let board = addBoard(one.name)
        one.inputs = Set(inputs.map(\.1))
        one.outputs = Set(outputs.map(\.1))
        plan.walkways.append(one)
        for (channel, output) in outputs { self.output(board, channel, lane, output) }
        for (channel, input, contact) in inputs {
            wire(board: board, channel, .walkway(lane, input), contact)
        }
        wire(board: board, fire, .fire([lane]), .normallyClosed)
        wire(board: board, reset, .fireReset([lane]))
        return lane
    }

    private mutating func addReader(_ lane: LaneID, _ direction: TravelDirection) {
        let device = DeviceID(plan.devices.count)
        plan.devices.append(
            DevicePlan(
                name: "reader-\(plan.name(of: lane))-\(direction.rawValue)", profile: "rdm6300",
                driver: "serial-card", address: "/dev/gatehouse/reader-\(device.index)", settings: Table()))
        plan.readers.append(ReaderWire(device: device, lane: lane, direction: direction))
    }

    private mutating func wire(
        board: DeviceID, _ channel: Int, _ meaning: InputWire.Meaning,
        _ contact: ContactWiring = .normallyOpen
    ) {
        var stale = Duration.seconds(2)
        if case .lane(_, .safety) = meaning { stale = .milliseconds(400) }
        plan.inputs.append(
            InputWire(
                terminal: Terminal(board, channel), meaning: meaning, contact: contact, source: .modbus,
                staleAfter: stale))
    }

    private mutating func output(_ board: DeviceID, _ channel: Int, _ lane: LaneID, _ output: LaneOutput) {
        plan.outputs.append(OutputWire(terminal: Terminal(board, channel), lane: lane, output: output))
    }

    private mutating func addCameras(_ lane: LaneID) {
        let kind = plan.lanes[lane.index].kind
        for direction in [TravelDirection.in, .out] {
            guard kind == .twoWay || (kind == .entry) == (direction == .in) else { continue }
            var settings = Table<String, String>()
            settings["heartbeat"] = "60"
            let device = DeviceID(plan.devices.count)
            let opens = form == .answering
            // One asks all the time, the other when it sees somebody.
            if opens, direction == .in { settings["comet_hold"] = "20" }
            if opens { output(device, 1, lane, .open) }
            plan.devices.append(
                DevicePlan(
                    name: "camera-\(plan.lanes[lane.index].name)-\(direction.rawValue)",
                    profile: opens ? "vzenith-http" : "hikvision-isapi",
                    driver: opens ? "vzenith-http" : "hikvision-isapi",
                    address: "192.0.2.\(20 + device.index)", settings: settings))
            plan.cameras.append(CameraWire(device: device, lane: lane, direction: direction))
        }
    }
}
