// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics

/// The questions of `gatehouse init`, in the order in which somebody who stands before the cabinet can answer.
struct SiteInterview {
    typealias Ended = Interview.Ended

    let interview: Interview
    let profiles: ProfileLibrary
    /// Serial adapters that are plugged in now, and the machine's zone.
    let serialPorts: [String]
    let localZone: String
    /// Today, for statements of persons.
    let today: String
    let isZone: (String) -> Bool

    private var site = FirstSite()
    /// Terminals that have a meaning already.
    private var taken: Set<String> = []

    init(
        _ interview: Interview, profiles: ProfileLibrary, serialPorts: [String], localZone: String,
        today: String, isZone: @escaping (String) -> Bool
    ) {
        self.interview = interview
        self.profiles = profiles
        self.serialPorts = serialPorts
        self.localZone = localZone
        self.today = today
        self.isZone = isZone
    }

    mutating func run() throws(Ended) -> FirstSite {
        interview.say(
            "Enter takes what stands in brackets, - means: not wired. Nothing is written before the end.\n\n")
        try askSite()
        try askBoards()
        try askFire()
        let count = try interview.number("Vehicle lanes at this gateway", 2, in: 1...16)
        for index in 0..<count { try askLane(index, of: count) }
        interview.say("\n")
        try askUplink()
        return site
    }

    // MARK: Site and boards

    private mutating func askSite() throws(Ended) {
        site.id = try interview.word("Short name of the site", "home", unless: Self.wrongName)
        site.zone = try interview.word("Time zone", localZone) { [isZone] zone in
            isZone(zone) ? nil : "\"\(zone)\" is not on this machine: Area/Place, as in /usr/share/zoneinfo"
        }
        site.capacity = try interview.number("Places for cars", 100, in: 1...100_000)
        site.reserve = try interview.number("Of these kept for residents", 0, in: 0...site.capacity)
    }

    private mutating func askBoards() throws(Ended) {
        let models = names { $0.kind == .relay && $0.capabilities.relays > 0 }
        let count = try interview.number("Relay boards", 1, in: 1...8)
        for index in 0..<count {
            let name = try newName(
                "Name of board \(index + 1)", index == 0 ? "relays" : "relays-\(index + 1)")
            let profile = try interview.choice(
                "Model of \(name)", models.first { $0.hasPrefix("generic") } ?? models[0], of: models)
            let fallback = serialPorts.indices.contains(index) ? serialPorts[index] : "/dev/gatehouse/\(name)"
            if !serialPorts.isEmpty {
                interview.say("  plugged in: \(serialPorts.joined(separator: ", "))\n")
            }
            let isLine = [.serial, .gpio].contains(profiles.profile(profile)?.transport)
            let at = try interview.word(
                isLine ? "Path of the line of \(name)" : "Address of \(name), host:port", fallback,
                unless: isLine ? Self.wrongPath : Self.wrongHost)
            let sharing = site.boards.count { $0.at == at }
            let address =
                sharing == 0
                ? nil : try interview.number("Its Modbus address on that line", sharing + 1, in: 1...247)
            site.boards.append(
                FirstSite.Board(
                    name: name, profile: profile, at: at,
                    isSerial: profiles.profile(profile)?.transport == .serial, address: address))
        }
    }

    // MARK: Lanes

    private mutating func askLane(_ index: Int, of count: Int) throws(Ended) {
        let usual = ["north", "south", "east", "west"]
        let fallback = index < usual.count ? usual[index] : "lane-\(index + 1)"
        interview.say("\n")
        let name = try newName("Name of lane \(index + 1) of \(count)", fallback)
        let kind = try interview.choice(
            "What \(name) is", index % 2 == 0 ? "entry" : "exit", of: ["entry", "exit", "two_way"])
        interview.say(
            "  controller: the barrier's own board lowers the arm by its own loop; gateway: we command it\n")
        var lane = FirstSite.Lane(
            name: name, kind: kind,
            closing: try interview.choice(
                "Who lowers the arm", "controller", of: ["controller", "gateway", "guard"]))
        let board = try whichBoard(name)
        lane.cameras = try askCameras(name, kind)
        try askOutput("open", "Relay that opens", &lane, board)
        if lane.closing == "gateway" { try askOutput("close", "Relay that closes", &lane, board) }
        try askInputs(&lane, board)
        if lane.safety == nil || lane.closing == "gateway" {
            interview.say(
                "  Gatehouse relies on the barrier's own anti-crush here: a person has to have tested it.\n")
            lane.antiCrush = FirstSite.Statement(
                by: try interview.word("Who tested it", nil, unless: Self.wrongPerson),
                date: try interview.word("When", today) { text in
                    let isPast = TimeExpression.date(text[...]) != nil && text <= today
                    return isPast ? nil : "\"\(text)\": a date up to today, such as \(today)"
                })
        }
        site.lanes.append(lane)
    }

    private mutating func askInputs(_ lane: inout FirstSite.Lane, _ board: FirstSite.Board) throws(Ended) {
        let isTwoWay = lane.kind == "two_way"
        if let presence = try input("Input of the loop before the arm", board, isNeeded: isTwoWay) {
            lane.inputs.append(("presence", FirstSite.Input(terminal: presence)))
        }
        let needsSafety = isTwoWay || lane.closing == "gateway"
        if let safety = try input(
            "Input of the safety loop or beam under the arm", board, isNeeded: needsSafety)
        {
            lane.safety = FirstSite.Input(
                terminal: safety,
                isNormallyClosed: try interview.isYes(
                    "Is it normally closed, so that a broken wire reads as occupied", true))
        }
        let others = [
            ("clear", "Input of the loop behind the arm", isTwoWay), ("limit_up", "Input: arm is up", false),
            ("limit_down", "Input: arm is down", false),
        ]
        for (role, question, isNeeded) in others {
            guard let terminal = try input(question, board, isNeeded: isNeeded) else { continue }
            lane.inputs.append((role, FirstSite.Input(terminal: terminal)))
        }
    }

    private func whichBoard(_ lane: String) throws(Ended) -> FirstSite.Board {
        guard site.boards.count > 1 else { return site.boards[0] }
        let name = try interview.choice(
            "Board of \(lane)", site.boards[min(site.lanes.count, site.boards.count - 1)].name,
            of: site.boards.map(\.name))
        return site.boards.first { $0.name == name } ?? site.boards[0]
    }

    /// A two-way lane has to know which way a camera sees vehicles come.
    private mutating func askCameras(_ lane: String, _ kind: String) throws(Ended) -> [(
        camera: FirstSite.Camera, direction: String?
    )] {
        guard kind == "two_way" else {
            let camera = try askCamera("Does a camera read plates at \(lane)", "camera-\(lane)", nil)
            return camera.map { [($0, nil)] } ?? []
        }
        var found: [(FirstSite.Camera, String?)] = []
        for (direction, words) in [("in", "coming in"), ("out", "going out")] {
            let question = "Does a camera read the plates of cars \(words) at \(lane)"
            let camera = try askCamera(question, "camera-\(lane)-\(direction)", found.last?.0.profile)
            if let camera { found.append((camera, direction)) }
        }
        return found
    }

    private mutating func askCamera(
        _ question: String, _ usual: String, _ model: String?
    ) throws(Ended) -> FirstSite.Camera? {
        let models = names { $0.kind == .camera }
        guard !models.isEmpty else { return nil }
        guard try interview.isYes(question, true) else { return nil }
        let profile = try interview.choice(
            "Model of the camera", model ?? models.first { $0.hasPrefix("hikvision") } ?? models[0],
            of: models)
        let name = try newName("Name of the camera", usual)
        let isSerial = profiles.profile(profile)?.transport == .serial
        let at = try interview.word(
            isSerial ? "Path of its serial line" : "Its address in the network",
            isSerial ? "/dev/gatehouse/\(name)" : nil, unless: isSerial ? Self.wrongPath : Self.wrongHost)
        return FirstSite.Camera(name: name, profile: profile, at: at)
    }

    // MARK: Fire and uplink

    private mutating func askFire() throws(Ended) {
        guard try interview.isYes("Is the building's fire contact wired to a board", true) else { return }
        let board = site.boards.count > 1 ? try whichBoard("the fire contact") : site.boards[0]
        guard let terminal = try input("Input of the fire contact", board, fromEnd: true) else { return }
        site.fire = FirstSite.Input(
            terminal: terminal,
            isNormallyClosed: try interview.isYes(
                "Is it normally closed, so that a broken wire releases the arms", true))
    }

    private mutating func askUplink() throws(Ended) {
        let broker = try interview.word("Broker upstream, mqtts://host:8883", "-") { text in
            guard text != "-" else { return nil }
            guard text.hasPrefix("mqtts://") || text.hasPrefix("mqtt://") else {
                return "\"\(text)\": mqtts://host or mqtt://host, or - for none"
            }
            return Self.wrongHost(String(text.split(separator: "/", maxSplits: 2).last ?? ""))
        }
        site.broker = broker == "-" ? nil : broker
    }

    // MARK: Terminals and names

    private mutating func askOutput(
        _ role: String, _ question: String, _ lane: inout FirstSite.Lane, _ board: FirstSite.Board
    ) throws(Ended) {
        let count = profiles.profile(board.profile)?.capabilities.relays ?? 0
        if let found = try terminal(question, board, "out", of: count, isNeeded: true) {
            lane.outputs.append((role, found))
        }
    }

    private mutating func input(
        _ question: String, _ board: FirstSite.Board, isNeeded: Bool = false, fromEnd: Bool = false
    ) throws(Ended) -> String? {
        let count = profiles.profile(board.profile)?.capabilities.inputs ?? 0
        return try terminal(question, board, "in", of: count, isNeeded: isNeeded, fromEnd: fromEnd)
    }

    /// nil: not wired.
    private mutating func terminal(
        _ question: String, _ board: FirstSite.Board, _ prefix: String, of count: Int, isNeeded: Bool,
        fromEnd: Bool = false
    ) throws(Ended) -> String? {
        let taken = taken
        let names = (0..<count).map { "\(board.name).\(prefix)\($0 + 1)" }
        let untaken = names.indices.filter { !taken.contains(names[$0]) }
        guard let free = fromEnd ? untaken.last : untaken.first else {
            interview.say("\(question): \(board.name) has none left, so it is not wired\n")
            return nil
        }
        let fallback = "\(free + 1)"
        let found: String? = try interview.ask("\(question), 1 to \(count) of \(board.name)", fallback) {
            text in
            if text == "-" {
                return isNeeded
                    ? .failure(Interview.Wrong(why: "this lane needs it, or another kind of lane"))
                    : .success(nil)
            }
            guard let number = Int(text), names.indices.contains(number - 1) else {
                return .failure(
                    Interview.Wrong(why: "\"\(text)\": a number from 1 to \(count), or - for none"))
            }
            guard !taken.contains(names[number - 1]) else {
                return .failure(Interview.Wrong(why: "\(names[number - 1]) has a meaning already"))
            }
            return .success(names[number - 1])
        }
        if let found { self.taken.insert(found) }
        return found
    }

    private func newName(_ question: String, _ fallback: String) throws(Ended) -> String {
        let used =
            site.boards.map(\.name) + site.lanes.map(\.name)
            + site.lanes.flatMap(\.cameras).map(\.camera.name)
        return try interview.word(question, fallback) { name in
            used.contains(name) ? "\(name) is taken" : Self.wrongName(name)
        }
    }

    private func names(_ isMeant: (HardwareProfile) -> Bool) -> [String] {
        profiles.names.filter { profiles.profile($0).map(isMeant) ?? false }
    }

    private static func wrongName(_ name: String) -> String? {
        let isGood = ScalarForms.isName(name) && ScalarForms.misreading(of: name) == nil
        return isGood
            ? nil : "\"\(name)\": lower-case letters, digits and hyphens, a letter first, at most 32"
    }

    /// What YAML leaves alone without quotes.
    private static func wrongPath(_ text: String) -> String? {
        let isPath =
            text.hasPrefix("/") && text.count > 1
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./_:-".contains($0)) }
        return isPath ? nil : "\"\(text)\": an absolute path of letters, digits and . / _ : -"
    }

    private static func wrongHost(_ text: String) -> String? {
        HostAddress.isValid(text, needsPort: false)
            ? nil : "\"\(text)\": a host or host:port, for example 192.0.2.21"
    }

    private static func wrongPerson(_ text: String) -> String? {
        let isName =
            text.contains(where: \.isLetter) && text.count <= 64
            && text.allSatisfy { $0.isLetter || " -.·".contains($0) }
        return isName ? nil : "\"\(text)\": a person's name"
    }
}
