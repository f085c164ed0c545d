// SPDX-License-Identifier: Apache-2.0

extension Site {
    /// A person's order to a lane. Answered when its record is durable; a refusal says the failing condition.
    mutating func order(_ name: String, _ order: LaneOrder, _ reply: ReplyID, _ out: inout Effects) {
        guard let lane = plan.lane(named: name) else {
            return refuse(reply, "not_found", "no lane \(name) in the plan that is in force", &out)
        }
        if case .holdClosed = order.action, let why = obstacleToClosing(lane) {
            let note = LaneNote(.orderRefused, by: order.by, why: "last_exit")
            record(.laneNote(lane: name, note, decision: nil), &out)
            return refuse(reply, "refused", why, &out)
        }
        drive(lane, .person(order), &out)
        if let why = out.refusal {
            let remedy = CloseObstacle(rawValue: why).map { ": \($0.remedy)" } ?? ""
            let message = "lane \(name): \(why)\(remedy)"
            return refuse(reply, "refused", message, &out)
        }
        // What leaves no record was not done, whatever the asker hoped for.
        guard out.firstRecord != nil || store.room == .none else {
            return refuse(reply, "refused", "lane \(name): nothing changed", &out)
        }
        done(reply, saying: out.firstRecord, &out)
    }

    mutating func operate(
        _ operation: Operation, _ by: Operator, _ reply: ReplyID, _ out: inout Effects
    ) {
        switch operation {
        case .drill(let order): drill(order, by, reply, &out)
        case .money(let order): money(order, by, reply, &out)
        case .directory(let changes, let reason):
            for change in changes {
                record(.directory(change.numbered(nextSequence), by: by, reason: reason), &out)
            }
            if let last = out.lastRecord { out.effects.append(.directoryChanged(through: last)) }
            done(reply, &out)
        case .stays(let repairs, let reason):
            do throws(StayRepairError) {
                let repairer = StayRepairer(by, reason: reason)
                record(stays: try facts(for: repairs, repairer, at: out.now.wall), &out)
                done(reply, &out)
            } catch {
                refuse(reply, error.code, error.words, &out)
            }
        }
    }

    /// All of them or none: a list of imported cars with a wrong one changes nothing.
    private func facts(
        for repairs: [StayRepair], _ repairer: StayRepairer, at now: WallTime
    ) throws(StayRepairError) -> [StayFact] {
        var book = memory.stays
        var facts: [StayFact] = []
        var sequence = nextSequence
        for repair in repairs {
            for fact in try book.facts(for: repair, by: repairer, at: now) {
                // A trial in a copy, so that the second of two equal plates is refused.
                if repairs.count > 1 { _ = book.apply(fact, sequence: sequence) }
                sequence = sequence.next
                facts.append(fact)
            }
        }
        return facts
    }

    /// Names the record that says what was done, the last one by default; said when all are durable.
    func done(_ reply: ReplyID, saying record: Sequence? = nil, _ out: inout Effects) {
        guard store.room != .none else {
            let why = "the journal takes no records now"
            return out.effects.append(.answer(reply, .notStored(why), after: Sequence(0)))
        }
        let last = out.lastRecord ?? Sequence(0)
        // One of an earlier step may not be durable yet.
        let named = record ?? last
        out.effects.append(.answer(reply, .done(named), after: max(last, named)))
    }

    func refuse(_ reply: ReplyID, _ code: String, _ message: String, _ out: inout Effects) {
        out.effects.append(.answer(reply, .refused(code: code, message: message), after: Sequence(0)))
    }

    /// What the rules are told besides plan and directory.
    func situation(for request: AccessRequest, _ now: Moment) -> AccessSituation {
        let lane = plan.lanes[request.lane.index]
        var situation = AccessSituation()
        situation.isFireActive = lanes[request.lane.index].fire.isActive
        situation.isDrill = situation.isFireActive && memory.drill != nil
        situation.isInterlockBusy = isInterlockBusy(for: request.lane)
        situation.isOpposed = isOpposed(request)
        situation.isStoreAvailable = store == .available
        situation.visits = memory.visits
        let plate = request.read?.reading.plate
        situation.consult(
            memory.stays, about: plate, isKnown: plate.map(directory.isKnown) ?? false,
            area: plan.areas[lane.area.index].name,
            permitCarsAlone: neverConverts(at: now.wall.second))
        if request.direction == .out {
            situation.payments = payments(for: situation.openStays, of: request, at: now)
        }
        return situation
    }

    /// A household's temporary car stays one to its end, also when a space becomes free: that is then the next car's
    /// (`tariffs.md` §6.2).
    private func neverConverts(at second: Int64) -> Bool {
        let rule = plan.pricing?.edition(entry: second, exit: second)?.tariff.rules.quota ?? QuotaRule()
        return plan.pricing != nil && rule.decide == .atEntry && rule.convert == .none
    }

    /// Not a record: a journal that takes none cannot keep it, and it ends with the process.
    private var storeFault: FaultRow? {
        store.trouble.map {
            FaultRow(
                subject: "journal", code: "unavailable", severity: .critical,
                detail: factsDropped > 0 ? "\($0); \(factsDropped) facts found no place" : $0,
                since: storeTroubleSince)
        }
    }

    package func status(at now: Moment) -> SiteStatus {
        SiteStatus(
            lanes: lanes.map { lane in
                var line = SiteStatus.LaneLine(lane.status(at: now), lane.plan, texts[lane.id.index])
                line.quote = line.waiting?.stay.flatMap { memory.money.account(of: $0).quote }
                line.candidates = candidates(line)
                line.collection = line.waiting?.stay.flatMap { openCollection(of: $0) }
                return line
            } + walkways.map { SiteStatus.LaneLine($0, texts[$0.frame.id.index]) },
            drawer: plan.pricing.map { pricing in
                SiteStatus.Drawer(
                    holder: memory.money.shift?.by.name, cash: memory.money.balance(.cash),
                    currency: pricing.currency,
                    classes: pricing.classNames, merchants: pricing.coupons.merchants)
            },
            areas: plan.areas.map { area in
                let count = memory.stays.count(of: area.name)
                return SiteStatus.AreaLine(
                    name: area.name, inside: count.shown, capacity: area.capacity,
                    free: area.capacity.map(count.free(of:)), reserve: area.reserve)
            },
            faults: memory.faults.inOrder.map(\.value) + [storeFault].compactMap(\.self),
            credentials: directory.count,
            households: directory.householdCount, openStays: memory.stays.stays.count,
            unmatchedExits: memory.stays.unmatchedExits.count,
            lastRecord: Sequence(nextSequence.number - 1), storeTrouble: store.trouble,
            factsDropped: factsDropped, drill: memory.drill, isLinkSignalled: isLinkSignalled)
    }
}

extension StoreCondition {
    package var trouble: String? {
        if case .unavailable(let why, _) = self { return why }
        return nil
    }
}

extension DirectoryChange {
    /// A new row, number 0, takes the number of its own record.
    func numbered(_ sequence: Sequence) -> DirectoryChange {
        switch self {
        case .permitSet(var permit) where permit.id == 0:
            permit.id = sequence.number
            return .permitSet(permit)
        case .householdSet(var household) where household.id == 0:
            household.id = sequence.number
            return .householdSet(household)
        case .listEntrySet(var entry) where entry.id == 0:
            entry.id = sequence.number
            return .listEntrySet(entry)
        default: return self
        }
    }
}

extension StayRepairError {
    /// The protocol's word for it.
    package var code: String {
        switch self {
        case .noSuchStay, .noSuchExit: "not_found"
        default: "refused"
        }
    }

    package var words: String {
        switch self {
        case .noSuchStay(let id): "no unfinished stay \(id.number); `gatehouse stay list` shows them"
        case .noSuchExit(let id): "no unmatched exit \(id.number)"
        case .alreadyInside(let plate, let id): "\(plate.text) is inside already, stay \(id.number)"
        case .notUnidentified(let id): "stay \(id.number) has a plate; `stay correct` changes it"
        case .noPlate: "that is no complete plate"
        case .negativeCount(let count): "\(count) cars: a count is 0 to 1000000"
        case .otherArea(let stay, let exit): "the stay is in area \(stay), the exit left area \(exit)"
        }
    }
}
