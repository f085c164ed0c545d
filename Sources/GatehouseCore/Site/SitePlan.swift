// SPDX-License-Identifier: Apache-2.0

/// What is where: `site.yaml` and the profiles after validation. Constant while in force; a reload arrives
/// as one event with a new plan. Names are unique; state refers by index (`LaneID`, `DeviceID`, `AreaID`).
package struct SitePlan: Hashable, Sendable {
    package var id: String
    package var gateway: String
    package var zone: ZoneRules
    package var areas: [AreaPlan]
    package var devices: [DevicePlan]
    package var lanes: [LanePlan]
    /// Turnstiles and doors; their numbers go on after those of `lanes`.
    package var walkways: [WalkwayPlan]
    package var inputs: [InputWire]
    package var outputs: [OutputWire]
    package var cameras: [CameraWire]
    package var displays: [DisplayWire]
    package var readers: [ReaderWire]
    package var scanners: [ScannerWire]
    /// The code of a lane that asks the platform who stands there: the same for everybody.
    package var paymentCodes = Table<LaneID, String>()
    package var airlocks: [AirlockPlan]
    package var policy: AccessPolicyPlan
    /// nil: nobody pays here.
    package var pricing: PricingPlan?
    package var journal: JournalPlan
    package var network: NetworkPlan
    /// nil: nobody upstream.
    package var uplink: UplinkPlan?
    /// nil: no page for the guard.
    package var booth: BoothPlan?

    package init(id: String, zone: ZoneRules = .utc) {
        self.id = id
        gateway = "gateway"
        self.zone = zone
        areas = []
        devices = []
        lanes = []
        walkways = []
        inputs = []
        outputs = []
        cameras = []
        displays = []
        readers = []
        scanners = []
        airlocks = []
        policy = AccessPolicyPlan()
        journal = JournalPlan()
        network = NetworkPlan()
    }
}

/// A region counted for occupancy.
package struct AreaPlan: Hashable, Sendable {
    package var name: String
    /// Places for cars; nil: not counted against.
    package var capacity: Int?
    /// Places kept for residents: temporary vehicles are refused while free ≤ reserve.
    package var reserve: Int
    /// Permit cars are admitted beyond capacity.
    package var admitsPermitsWhenFull: Bool

    package init(name: String, capacity: Int? = nil, reserve: Int = 0, admitsPermitsWhenFull: Bool = true) {
        self.name = name
        self.capacity = capacity
        self.reserve = reserve
        self.admitsPermitsWhenFull = admitsPermitsWhenFull
    }
}

/// One device: its driver and the settings that the driver's part of the catalogue declared and checked.
package struct DevicePlan: Hashable, Sendable {
    package var name: String
    package var profile: String
    package var driver: String
    /// Where it is: `192.0.2.21`, `/dev/gatehouse/relays`; empty where it is behind a camera.
    package var address: String
    /// The serial port of a camera that passes its bytes on.
    package var through: CameraPort?
    /// By key; values as text, already validated against the driver's declared settings.
    package var settings: Table<String, String>
    /// For devices on a serial line.
    package var line: SerialLine

    package init(
        name: String, profile: String, driver: String, address: String,
        settings: Table<String, String> = Table(), line: SerialLine = SerialLine(),
        through: CameraPort? = nil
    ) {
        self.line = line
        self.through = through
        self.name = name
        self.profile = profile
        self.driver = driver
        self.address = address
        self.settings = settings
    }
}

/// A serial port behind a camera.
package struct CameraPort: Hashable, Sendable {
    /// The name of its device.
    package var camera: String
    /// 1 is the camera's first.
    package var port: Int

    package init(camera: String, port: Int = 1) {
        self.camera = camera
        self.port = port
    }
}

/// Speed and character of a serial line, from the profile's `transport`.
package struct SerialLine: Hashable, Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable {
        case n81 = "8N1"
        case e81 = "8E1"
        case o81 = "8O1"
        case n82 = "8N2"
        case e71 = "7E1"
        case o71 = "7O1"

        /// Start, data, parity and stop.
        package var bitsPerCharacter: Int { self == .n81 || self == .e71 || self == .o71 ? 10 : 11 }
    }

    package var baud: Int
    package var format: Format

    package init(baud: Int = 9600, format: Format = .n81) {
        self.baud = baud
        self.format = format
    }
}

/// What an input terminal means.
package struct InputWire: Hashable, Sendable {
    package enum Meaning: Hashable, Sendable {
        case lane(LaneID, LaneInput)
        case walkway(LaneID, WalkwayInput)
        /// Fire input for these lanes.
        case fire([LaneID])
        case fireReset([LaneID])
    }

    package var terminal: Terminal
    package var meaning: Meaning
    /// Beyond it the input is not believed (`lanes.md` §2): contacts that count people, and a button that impatient people
    /// press, change more often than any other.
    package var chatterEdges: Int {
        switch meaning {
        case .walkway(_, .passageIn), .walkway(_, .passageOut), .walkway(_, .exitButton):
            InputBank.Input.countedChatter
        default: InputBank.Input.usualChatter
        }
    }
    package var contact: ContactWiring
    package var source: InputSource
    /// Without a good sample for this long the level is unknown (`lanes.md` §2).
    package var staleAfter: Duration
    /// A cut wire of this safety or fire input would go unnoticed; accepted by the installer, shown as a
    /// notice among the faults.
    package var isBrokenWireUnnoticed: Bool

    package init(
        terminal: Terminal, meaning: Meaning, contact: ContactWiring, source: InputSource,
        staleAfter: Duration, isBrokenWireUnnoticed: Bool = false
    ) {
        self.terminal = terminal
        self.meaning = meaning
        self.contact = contact
        self.source = source
        self.staleAfter = staleAfter
        self.isBrokenWireUnnoticed = isBrokenWireUnnoticed
    }
}

/// One output, one lane, one writer.
package struct OutputWire: Hashable, Sendable {
    package var terminal: Terminal
    package var lane: LaneID
    package var output: LaneOutput

    package init(terminal: Terminal, lane: LaneID, output: LaneOutput) {
        self.terminal = terminal
        self.lane = lane
        self.output = output
    }
}

/// Which camera looks at which lane from where.
package struct CameraWire: Hashable, Sendable {
    package var device: DeviceID
    package var lane: LaneID
    package var role: PlateRead.CameraRole
    /// For a two-way lane: the side that this camera serves.
    package var direction: TravelDirection

    package init(
        device: DeviceID, lane: LaneID, role: PlateRead.CameraRole = .front, direction: TravelDirection
    ) {
        self.device = device
        self.lane = lane
        self.role = role
        self.direction = direction
    }
}

/// Which board shows a lane's texts.
package struct DisplayWire: Hashable, Sendable {
    package var device: DeviceID
    package var lane: LaneID

    package init(device: DeviceID, lane: LaneID) {
        self.device = device
        self.lane = lane
    }
}

/// Which card reader serves which way through which turnstile or door.
package struct ReaderWire: Hashable, Sendable {
    package var device: DeviceID
    package var lane: LaneID
    package var direction: TravelDirection

    package init(device: DeviceID, lane: LaneID, direction: TravelDirection) {
        self.device = device
        self.lane = lane
        self.direction = direction
    }
}

/// Which scanner reads payment codes at which lane.
package struct ScannerWire: Hashable, Sendable {
    package var device: DeviceID
    package var lane: LaneID

    package init(device: DeviceID, lane: LaneID) {
        self.device = device
        self.lane = lane
    }
}

/// An interlock set whose arms follow one another, with the sensor that sees who stands between them.
package struct AirlockPlan: Hashable, Sendable {
    package var interlockSet: Int
    package var lane: LaneID
    package var sensor: LaneInput

    package init(interlockSet: Int, lane: LaneID, sensor: LaneInput) {
        self.interlockSet = interlockSet
        self.lane = lane
        self.sensor = sensor
    }
}

/// What a site sets of the rules; their order is not a setting.
package struct AccessPolicyPlan: Hashable, Sendable {
    /// Vehicles without permit are admitted as temporary ones.
    package var admitsTemporary = true
    package enum Fuzzy: String, Hashable, Sendable {
        case off, suggest
        case autoIfSingle = "auto_if_single"
    }
    package var fuzzy: Fuzzy = .autoIfSingle
    /// Least confidence for a misread to be matched without a person.
    package var fuzzyConfidence = 90
    package enum QuotaEntry: String, Hashable, Sendable {
        case admitAsTemporary = "admit_as_temporary"
        case refuse, confirm
    }
    package var quotaEntry: QuotaEntry = .admitAsTemporary
    package enum RepeatedEntry: String, Hashable, Sendable {
        case allowCloseOld = "allow_close_old"
        case refuse, confirm
    }
    package var repeatedEntry: RepeatedEntry = .allowCloseOld
    /// What an exit does with a vehicle that has no open stay; a person may always leave, so nothing here
    /// refuses.
    package enum NoEntryRecord: String, Hashable, Sendable {
        case open
        case confirm
    }
    package var noEntryRecord: NoEntryRecord = .confirm
    /// Kinds that open at once in both directions (police, armed police, military, emergency), by plate
    /// grammar and colour.
    package var emergencyKinds: Set<PlateKind> = [.police, .armedPolice, .military, .emergency]
    package var bannedKinds: Set<PlateKind> = []
    /// Permit validity gets this tolerance in favour of entry when the clock is doubtful.
    package var clockTolerance: Duration = .seconds(600)
    /// Days a permit still opens after its end.
    package var permitGraceDays = 0
    package var staleAfter: Duration = .seconds(7 * 86_400)

    package init() {}
}

package struct JournalPlan: Hashable, Sendable {
    package var folder = "/var/lib/gatehouse"
    /// A grant waits this long for its record, then acts (architecture §14).
    package var actWithin: Duration = .milliseconds(100)
    package var keepDays = 365
    package var maximumBytes: Int64 = 2_000_000_000
    package var imageKeepDays = 30
    package var imageMaximumBytes: Int64 = 4_000_000_000

    package init() {}
}

package struct NetworkPlan: Hashable, Sendable {
    /// Where cameras push to.
    package var cameraListener = "0.0.0.0:8080"
    package var diagnosticsSocket = "/run/gatehouse/diagnostics.sock"

    package init() {}
}

/// Where the journal's records go. Secrets are named and not written: systemd hands them over as credentials.
package struct UplinkPlan: Hashable, Sendable {
    package var host: String
    package var port: Int
    package var usesTLS: Bool
    /// `gatehouse/SITE/GATEWAY/records` unless told.
    package var topic: String
    package var username: String?
    /// Name of the credential that holds the password.
    package var password: String?
    /// File with the authorities that may sign the broker's certificate; nil: the system's.
    package var authority: String?
    /// Credentials with a certificate of our own and its key.
    package var certificate: String?
    package var key: String?
    /// Records under way without confirmation.
    package var window = 100
    /// A broker that has no subscriber for the topic has delivered.
    package var acceptsNoSubscribers = false
    /// Boards say so, where nobody is, while the link is down.
    package var showsOffline = false
    /// Records stay for as long after they were confirmed, so that upstream can be given them again.
    package var keepAcknowledged: Duration = .seconds(7 * 86_400)

    package init(host: String, port: Int, usesTLS: Bool, topic: String) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
        self.topic = topic
    }
}

/// Where the guard's page listens. A process of its own serves it; secrets are named as for the uplink.
package struct BoothPlan: Hashable, Sendable {
    package enum Listener: Hashable, Sendable {
        /// IPv4.
        case address(String)
        /// The address that this interface has.
        case interface(String)
        /// On every network that there is.
        case everywhere
    }

    package var listener = Listener.address("127.0.0.1")
    package var port = 8088
    /// What browsers may call it besides its address.
    package var names: [String] = []
    /// Name of the credential with the guards' passwords.
    package var guards = "booth-guards"
    /// Name of the credential with the bearer token for metrics; nil: only this machine may ask.
    package var metricsToken: String?

    package init() {}
}

extension SitePlan {
    /// Outputs of a board that are left as a start finds them.
    package func outputsAsFound(at device: DeviceID) -> Set<Int> {
        Set(outputs.filter { $0.terminal.device == device && $0.output.staysAsFound }.map(\.terminal.channel))
    }

    /// A lane's own rule before the site's.
    func zeroFee(at lane: LaneID) -> PricingPlan.ZeroFee {
        let own = lanes.indices.contains(lane.index) ? lanes[lane.index].zeroFee : nil
        return own ?? pricing?.zeroFee ?? .auto
    }

    package var laneCount: Int { lanes.count + walkways.count }

    /// nil: a lane of vehicles, or none.
    package func walkwayIndex(_ lane: LaneID) -> Int? {
        let index = lane.index - lanes.count
        return walkways.indices.contains(index) ? index : nil
    }

    package func name(of lane: LaneID) -> String {
        walkwayIndex(lane).map { walkways[$0].name } ?? lanes[lane.index].name
    }

    package func area(of lane: LaneID) -> AreaPlan {
        areas[(walkwayIndex(lane).map { walkways[$0].area } ?? lanes[lane.index].area).index]
    }

    /// The lane of this name, whoever passes there.
    package func lane(named name: String) -> LaneID? {
        if let index = lanes.firstIndex(where: { $0.name == name }) { return LaneID(index) }
        return walkways.firstIndex { $0.name == name }.map { LaneID(lanes.count + $0) }
    }

    /// The lane of this number has the same equipment and settings in both, wherever its wires end.
    package func isEqual(_ lane: LaneID, in other: SitePlan) -> Bool {
        switch (walkwayIndex(lane), other.walkwayIndex(lane)) {
        case (let mine?, let theirs?): walkways[mine] == other.walkways[theirs]
        case (nil, nil):
            lanes.indices.contains(lane.index) && other.lanes.indices.contains(lane.index)
                && lanes[lane.index] == other.lanes[lane.index]
        default: false
        }
    }

    /// The same with the same wires.
    func isSame(_ lane: LaneID, as other: SitePlan) -> Bool {
        isEqual(lane, in: other) && wires(of: lane) == other.wires(of: lane)
    }

    /// Everything that a lane is wired to, by names that a reload does not change: a lane with other wires is another
    /// lane, since nobody would tell the old one what became of its devices.
    func wires(of lane: LaneID) -> [String] {
        func at(_ terminal: Terminal) -> String {
            "\(devices[terminal.device.index].name) \(terminal.channel)"
        }
        let outputs = self.outputs.filter { $0.lane == lane }.map {
            "\($0.output.rawValue) \(at($0.terminal))"
        }
        let inputs = self.inputs.compactMap { wire in
            switch wire.meaning {
            case .lane(lane, let input): "\(input) \(at(wire.terminal)) \(wire.contact)"
            case .walkway(lane, let input): "\(input) \(at(wire.terminal)) \(wire.contact)"
            case .fire(let lanes) where lanes.contains(lane): "fire \(at(wire.terminal)) \(wire.contact)"
            case .fireReset(let lanes) where lanes.contains(lane):
                "reset \(at(wire.terminal)) \(wire.contact)"
            case .lane, .walkway, .fire, .fireReset: nil
            }
        }
        let cameras = self.cameras.filter { $0.lane == lane }.map { wire in
            "\(devices[wire.device.index].name) \(wire.role) \(wire.direction.rawValue)"
        }
        let readers = self.readers.filter { $0.lane == lane }.map { wire in
            "\(devices[wire.device.index].name) \(wire.direction.rawValue)"
        }
        let scanners = self.scanners.filter { $0.lane == lane }
            .map { "scanner \(devices[$0.device.index].name)" }
        return (outputs + inputs + cameras + readers + scanners).sorted()
    }
}
