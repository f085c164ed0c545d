// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore

extension DiagnosticRequest {
    /// The subcommand's word on the wire.
    package var name: String {
        switch self {
        case .status: "status"
        case .watch: "watch"
        case .events: "events"
        case .explain: "explain"
        case .faults: "faults"
        case .lane: "lane"
        case .capture: "capture"
        case .sights: "sights"
        case .picture: "picture"
        case .verify: "verify"
        case .permit: "permit"
        case .list: "list"
        case .importDirectory: "import"
        case .stay: "stay"
        case .recount: "recount"
        case .drill: "drill"
        case .reload: "reload"
        case .replay: "replay"
        case .clock: "clock"
        case .money: "money"
        case .ledger: "ledger"
        }
    }

    func write(to fields: inout FieldWriter) {
        fields.put("request", name)
        switch self {
        case .status, .watch, .faults, .verify, .reload: break
        case .events(let query):
            fields.put("after", ifPresent: query.after)
            fields.put("since", ifPresent: query.since?.milliseconds)
            fields.put("kinds", ifAny: query.kinds)
            fields.put("limit", query.limit)
        case .explain(let sequence): fields.put("record", sequence)
        case .replay(let after): fields.put("after", after)
        case .clock(let request): request.write(to: &fields)
        case .lane(let name, let request):
            fields.put("lane", name)
            request.write(to: &fields)
        case .capture(let device): fields.put("device", device)
        case .sights(let record): fields.put("record", record)
        case .picture(let hash): fields.put("sha256", hash)
        case .permit(let request): request.write(to: &fields)
        case .list(let request): request.write(to: &fields)
        case .importDirectory(let file, let changes):
            fields.put("file", file)
            fields.put("changes", objects: changes) { change, fields in
                fields.put("kind", change.kind)
                fields.put("row", object: { change.write(to: &$0) })
            }
        case .stay(let request): request.write(to: &fields)
        case .recount(let area, let cars, let reason):
            fields.put("area", area)
            fields.put("cars", cars)
            fields.put("reason", reason)
        case .drill(let order): order.write(to: &fields)
        case .money(let order): order.write(to: &fields)
        case .ledger(let request): request.write(to: &fields)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        let name = try fields.string("request")
        switch name {
        case "status": self = .status
        case "watch": self = .watch
        case "faults": self = .faults
        case "verify": self = .verify
        case "reload": self = .reload
        case "ledger": self = .ledger(try LedgerRequest(from: fields))
        case "money": self = .money(try MoneyOrder(from: fields))
        case "events": self = .events(try EventQuery(from: fields))
        case "replay": self = .replay(after: try fields.integer("after"))
        case "clock": self = .clock(try ClockRequest(from: fields))
        case "explain": self = .explain(try fields.integer("record"))
        case "lane": self = .lane(name: try fields.string("lane"), try LaneRequest(from: fields))
        case "capture": self = .capture(device: try fields.string("device"))
        case "sights": self = .sights(try fields.integer("record"))
        case "picture":
            let hash = try fields.string("sha256")
            guard Hexadecimal.isDigest(hash) else { throw .wrongType(key: "sha256") }
            self = .picture(hash)
        case "permit": self = .permit(try PermitRequest(from: fields))
        case "list": self = .list(try ListRequest(from: fields))
        case "stay": self = .stay(try StayRequest(from: fields))
        case "recount":
            self = .recount(
                area: try fields.string("area"), cars: try fields.int("cars"),
                reason: try fields.string("reason"))
        case "drill": self = .drill(try DrillOrder(from: fields))
        case "import":
            var changes: [DirectoryChange] = []
            for change in try fields.objects("changes") {
                changes.append(
                    try DirectoryChange(kind: try change.string("kind"), from: try change.object("row")))
            }
            self = .importDirectory(file: try fields.string("file"), changes: changes)
        default: throw .unknownValue(key: "request", value: name)
        }
    }
}

extension EventQuery {
    init(from fields: Fields) throws(FieldError) {
        self.init(
            after: try fields.integerIfPresent("after"),
            since: try fields.integerIfPresent("since").map(WallTime.init(milliseconds:)),
            kinds: try fields.strings("kinds"), limit: try fields.int("limit"))
        guard (1...Self.maximumLimit).contains(limit) else { throw .wrongType(key: "limit") }
    }
}

extension LaneRequest {
    func write(to fields: inout FieldWriter) {
        fields.put("action", action.rawValue)
        fields.put("position", ifPresent: position?.rawValue)
        fields.put("until", ifPresent: until?.milliseconds)
        fields.put("way", ifPresent: way?.rawValue)
        fields.put("reason", reason)
        fields.put("note", ifPresent: note)
        fields.put("on_site", ifTrue: isOnSite)
    }

    init(from fields: Fields) throws(FieldError) {
        self.init(
            action: try fields.word("action", as: Action.self),
            position: try fields.wordIfPresent("position", as: Position.self),
            until: try fields.integerIfPresent("until").map(WallTime.init(milliseconds:)),
            way: try fields.wordIfPresent("way", as: TravelDirection.self),
            reason: try fields.string("reason"), note: try fields.stringIfPresent("note"),
            isOnSite: try fields.bool("on_site"))
        if action == .hold, position == nil { throw .missing(key: "position") }
    }
}

extension DrillOrder {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .start(let minutes, let reason):
            fields.put("action", "start")
            fields.put("minutes", minutes)
            fields.put("reason", reason)
        case .end(let reason):
            fields.put("action", "end")
            fields.put("reason", reason)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "start":
            self = .start(minutes: try fields.int("minutes"), reason: try fields.string("reason"))
        case "end": self = .end(reason: try fields.string("reason"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}

extension PermitRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .set(let permit):
            fields.put("action", "set")
            fields.put("permit", object: permit.write)
        case .end(let number, let reason):
            fields.put("action", "end")
            fields.put("number", number)
            fields.put("reason", reason)
        case .show(let plate):
            fields.put("action", "show")
            fields.put("plate", ifPresent: plate)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "set": self = .set(try Permit(from: try fields.object("permit")))
        case "end": self = .end(try fields.integer("number"), reason: try fields.string("reason"))
        case "show": self = .show(plate: try fields.stringIfPresent("plate"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}

extension ListRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .set(let entry):
            fields.put("action", "set")
            fields.put("entry", object: entry.write)
        case .end(let number, let reason):
            fields.put("action", "end")
            fields.put("number", number)
            fields.put("reason", reason)
        case .show: fields.put("action", "show")
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "set": self = .set(try ListEntry(from: try fields.object("entry")))
        case "end": self = .end(try fields.integer("number"), reason: try fields.string("reason"))
        case "show": self = .show
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}

extension StayRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .list(let all):
            fields.put("action", "list")
            fields.put("all", ifTrue: all)
        case .show(let stay): put("show", stay, nil, &fields)
        case .correct(let stay, let plate, let reason):
            put("correct", stay, reason, &fields)
            fields.put("plate", plate)
        case .match(let stay, let exit, let reason):
            put("match", stay, reason, &fields)
            fields.put("with", exit)
        case .close(let stay, let reason): put("close", stay, reason, &fields)
        case .claim(let stay, let plate, let reason):
            put("claim", stay, reason, &fields)
            fields.put("plate", plate)
        case .import(let area, let plates, let reason):
            fields.put("action", "import")
            fields.put("area", area)
            fields.put("plates", strings: plates)
            fields.put("reason", reason)
        }
    }

    private func put(_ action: String, _ stay: Int64, _ reason: String?, _ fields: inout FieldWriter) {
        fields.put("action", action)
        fields.put("stay", stay)
        fields.put("reason", ifPresent: reason)
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "list": self = .list(all: try fields.bool("all"))
        case "show": self = .show(try fields.integer("stay"))
        case "correct":
            self = .correct(
                try fields.integer("stay"), plate: try fields.string("plate"),
                reason: try fields.string("reason"))
        case "match":
            self = .match(
                try fields.integer("stay"), with: try fields.integer("with"),
                reason: try fields.string("reason"))
        case "close": self = .close(try fields.integer("stay"), reason: try fields.string("reason"))
        case "claim":
            self = .claim(
                try fields.integer("stay"), plate: try fields.string("plate"),
                reason: try fields.string("reason"))
        case "import":
            self = .import(
                area: try fields.string("area"), plates: try fields.strings("plates"),
                reason: try fields.string("reason"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}

extension ClockRequest {
    func write(to fields: inout FieldWriter) {
        switch self {
        case .show: fields.put("action", "show")
        case .set(let wall, let reason):
            fields.put("action", "set")
            fields.put("to", wall.milliseconds)
            fields.put("reason", reason)
        }
    }

    init(from fields: Fields) throws(FieldError) {
        switch try fields.string("action") {
        case "show": self = .show
        case "set":
            self = .set(
                WallTime(milliseconds: try fields.integer("to")), reason: try fields.string("reason"))
        case let other: throw .unknownValue(key: "action", value: other)
        }
    }
}
