// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

extension StatusResult {
    package struct Lane: ResultValue {
        package var name: String
        /// `entry`, `exit`, `two_way`, `turnstile`, `door`.
        package var kind: String
        /// `clear`, `present`, `opening` …
        package var phase: String
        /// `up`, `down`, `between`, `assumed down` …; empty for a turnstile or a door.
        package var arm: String
        package var levels: [Level]
        /// `open`, `closed`, `emergency`; nil: not held.
        package var hold: String?
        package var isFireLatched: Bool
        package var plate: String?
        /// Key of the text on the display (`lanes.md` §4.8).
        package var text: String
        /// Who stands at the line and was not let through yet.
        package var waiting: Waiting?
        /// Actions of `lane` that would be taken now.
        package var offered: [OfferedOrder]
        /// Since the start of the process.
        package var counts = LaneCounts()

        init(_ line: SiteStatus.LaneLine) {
            name = line.name
            kind = line.kind
            phase = line.phase
            arm = line.arm
            levels = line.levels.map { Level(role: $0.role, level: $0.level) }
            hold = line.hold
            isFireLatched = line.isFireLatched
            plate = line.plate?.text
            text = line.text.key.rawValue
            waiting = line.waiting.map(Waiting.init)
            waiting?.quote = line.quote?.record.number
            waiting?.due = line.quote?.due.minorUnits
            waiting?.collection = line.collection.map(CollectionLine.init)
            waiting?.candidates = line.candidates.map(UnmatchedExitLine.Candidate.init)
            offered = line.offered
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("name", name)
            fields.put("kind", kind)
            fields.put("phase", phase)
            fields.put("arm", arm)
            fields.put("levels", objects: levels) { $0.write(to: &$1) }
            fields.put("hold", ifPresent: hold)
            fields.put("fire", isFireLatched)
            fields.put("plate", ifPresent: plate)
            fields.put("text", text)
            if let waiting { fields.put("waiting", object: waiting.write) }
            fields.put("may", ifAny: offered.map(\.rawValue))
            if counts != LaneCounts() { fields.put("counts", object: counts.write) }
        }

        package init(from fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            kind = try fields.string("kind")
            phase = try fields.string("phase")
            arm = try fields.string("arm")
            levels = try fields.values("levels", as: Level.self)
            hold = try fields.stringIfPresent("hold")
            isFireLatched = try fields.bool("fire")
            plate = try fields.stringIfPresent("plate")
            text = try fields.string("text")
            waiting = try fields.objectIfPresent("waiting").map(Waiting.init)
            // A word of a later version is an order that this one cannot give.
            offered = try fields.strings("may").compactMap(OfferedOrder.init)
            counts = try fields.objectIfPresent("counts").map(LaneCounts.init) ?? LaneCounts()
        }
    }

    package struct Waiting: ResultValue {
        package var plate: String?
        /// `pending`, `deny`; nil: not decided yet.
        package var verdict: String?
        /// A code of `access-rules.md` §10.
        package var reason: String?
        package var waitsFor: String?
        /// Records: the read that it was decided by, and the stay that it would end.
        package var read: Int64?
        package var stay: Int64?
        /// The record of what it is asked for, and how much that is in minor units.
        package var quote: Int64?
        package var due: Int64?
        /// What a provider was asked for it, and has not settled.
        package var collection: CollectionLine?
        /// Stays whose entry may be its own, for whoever compares their pictures with what stands there; of an exit with
        /// no entry or a doubtful one.
        package var candidates: [UnmatchedExitLine.Candidate] = []

        init(_ waiting: LaneStatus.Waiting) {
            plate = waiting.plate?.text
            verdict = waiting.verdict?.rawValue
            reason = waiting.reason?.rawValue
            waitsFor = waiting.waitsFor
            read = waiting.read?.number
            stay = waiting.stay?.number
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("plate", ifPresent: plate)
            fields.put("verdict", ifPresent: verdict)
            fields.put("reason", ifPresent: reason)
            fields.put("waits_for", ifPresent: waitsFor)
            fields.put("read", ifPresent: read)
            fields.put("stay", ifPresent: stay)
            fields.put("quote", ifPresent: quote)
            fields.put("due", ifPresent: due)
            if let collection { fields.put("collection", object: collection.write) }
            if !candidates.isEmpty { fields.put("candidates", objects: candidates) { $0.write(to: &$1) } }
        }

        package init(from fields: Fields) throws(FieldError) {
            plate = try fields.stringIfPresent("plate")
            verdict = try fields.stringIfPresent("verdict")
            reason = try fields.stringIfPresent("reason")
            waitsFor = try fields.stringIfPresent("waits_for")
            read = try fields.integerIfPresent("read")
            stay = try fields.integerIfPresent("stay")
            quote = try fields.integerIfPresent("quote")
            due = try fields.integerIfPresent("due")
            collection = try fields.objectIfPresent("collection").map(CollectionLine.init(from:))
            candidates = try fields.values("candidates", as: UnmatchedExitLine.Candidate.self)
        }
    }

    /// The cash drawer of a site that charges, and what a guard at it may choose from.
    package struct Drawer: ResultValue {
        package struct Merchant: ResultValue {
            /// As an order names it.
            package var word: String
            /// For people.
            package var name: String

            package init(word: String, name: String) {
                self.word = word
                self.name = name
            }

            package func write(to fields: inout FieldWriter) {
                fields.put("merchant", word)
                fields.put("name", name)
            }

            package init(from fields: Fields) throws(FieldError) {
                self.init(word: try fields.string("merchant"), name: try fields.string("name"))
            }
        }

        /// Whose it is; nil: nobody has opened it.
        package var holder: String?
        /// Minor units.
        package var cash: Int64
        package var currency: String
        /// Of vehicles, as `classify` takes them.
        package var classes: [String] = []
        /// Who may bear a coupon.
        package var merchants: [Merchant] = []

        init(_ drawer: SiteStatus.Drawer) {
            holder = drawer.holder
            cash = drawer.cash.minorUnits
            currency = drawer.currency
            classes = drawer.classes
            merchants = drawer.merchants.inOrder.map { Merchant(word: $0.key, name: $0.value) }
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("holder", ifPresent: holder)
            fields.put("cash", cash)
            fields.put("currency", currency)
            fields.put("classes", ifAny: classes)
            if !merchants.isEmpty { fields.put("merchants", objects: merchants) { $0.write(to: &$1) } }
        }

        package init(from fields: Fields) throws(FieldError) {
            holder = try fields.stringIfPresent("holder")
            cash = try fields.integer("cash")
            currency = try fields.string("currency")
            classes = try fields.strings("classes")
            merchants = try fields.values("merchants", as: Merchant.self)
        }
    }

    /// Something at the end of a wire.
    package struct Device: ResultValue {
        package var name: String
        package var driver: String
        /// It answers, or sends what it should: no fault says that it is lost or silent.
        package var isReached: Bool

        init(_ device: DevicePlan, _ faults: [FaultRow]) {
            name = device.name
            driver = device.driver
            isReached = !faults.contains {
                $0.subject == "device \(device.name)"
                    && ($0.code.hasSuffix("_lost") || $0.code.hasSuffix("_silent"))
            }
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("name", name)
            fields.put("driver", driver)
            fields.put("reached", isReached)
        }

        package init(from fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            driver = try fields.string("driver")
            isReached = try fields.bool("reached")
        }
    }

    /// One input, in the order of travel; `off?` is an off that is suspect (H-14).
    package struct Level: ResultValue {
        package var role: String
        package var level: String

        init(role: String, level: String) {
            self.role = role
            self.level = level
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("role", role)
            fields.put("level", level)
        }

        package init(from fields: Fields) throws(FieldError) {
            self.init(role: try fields.string("role"), level: try fields.string("level"))
        }
    }

    package struct Area: ResultValue {
        package var name: String
        package var inside: Int
        package var capacity: Int?
        package var free: Int?
        package var reserve: Int

        init(_ line: SiteStatus.AreaLine) {
            name = line.name
            inside = line.inside
            capacity = line.capacity
            free = line.free
            reserve = line.reserve
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("name", name)
            fields.put("inside", inside)
            fields.put("capacity", ifPresent: capacity)
            fields.put("free", ifPresent: free)
            fields.put("reserve", reserve)
        }

        package init(from fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            inside = try fields.int("inside")
            capacity = try fields.intIfPresent("capacity")
            free = try fields.intIfPresent("free")
            reserve = try fields.int("reserve")
        }
    }
}

/// A standing fault, of `status` and `faults`.
package struct FaultLine: ResultValue {
    /// `device relays-north`, `lane north`, `camera port`.
    package var subject: String
    package var code: String
    package var severity: FaultSeverity
    /// What it means and what to do.
    package var detail: String
    package var since: WallTime

    package init(_ row: FaultRow) {
        subject = row.subject
        code = row.code
        severity = row.severity
        detail = row.detail
        since = row.since
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("subject", subject)
        fields.put("code", code)
        fields.put("severity", severity.rawValue)
        fields.put("detail", detail)
        fields.put("since", time: since)
    }

    package init(from fields: Fields) throws(FieldError) {
        subject = try fields.string("subject")
        code = try fields.string("code")
        severity = try fields.word("severity", as: FaultSeverity.self)
        detail = try fields.string("detail")
        since = try fields.time("since")
    }
}

/// `gatehouse faults`.
package struct FaultsResult: ResultValue {
    package var faults: [FaultLine]
    /// Standing conditions that the installer accepted, from the plan.
    package var notices: [String]

    package init(faults: [FaultRow], notices: [String]) {
        self.faults = faults.map(FaultLine.init)
        self.notices = notices
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("faults", objects: faults) { $0.write(to: &$1) }
        fields.put("notices", strings: notices)
    }

    package init(from fields: Fields) throws(FieldError) {
        faults = try fields.values("faults", as: FaultLine.self)
        notices = try fields.strings("notices")
    }
}
