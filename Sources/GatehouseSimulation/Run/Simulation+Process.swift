// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine
import GatehouseSync

/// Life and death of the process, and its loop.
extension Simulation {
    func startProcess() {
        guard gateway == nil else { return }
        let isNewBoot =
            boots == 0 || needsBoot || disk.durable.last.map { $0.record.boot != "boot-\(boots)" } ?? true
        if boots == 0 || needsBoot {
            boots += 1
            bootOrigin = now + .seconds(-8)
            needsBoot = false
        }
        incarnations += 1
        let boot = "boot-\(boots)"
        let plan = saboteur.plan
        guard let memory = recover() else { return }
        var directory = Directory.empty
        if let built = buildDirectory(asOf: Sequence(disk.last)) { directory = built }
        let remembered = saboteur.memory(memory)
        let uptime = Uptime(nanoseconds: (now - bootOrigin).inNanoseconds)
        let site = Site(
            plan: plan, memory: remembered, directory: directory, nextSequence: Sequence(disk.last + 1),
            boot: boot)
        let links = (0..<plan.laneCount).map { lane in
            BoardLink(
                device: estate.board(of: lane), plan: plan, holding: holding(lane, remembered), at: uptime)
        }
        let sessions = plan.cameras.compactMap { wire in
            let outputs = plan.outputs.filter { $0.terminal.device == wire.device }.map(\.terminal.channel)
            return plan.devices[wire.device.index].cameraSession(outputs: Set(outputs), at: uptime)
        }
        let fresh = Gateway(
            incarnation: incarnations, boot: boot, origin: bootOrigin,
            engine: EngineState(site: site), links: links, cameras: sessions,
            readers: plan.readers.map {
                SerialCardSession(SerialCardSettings(plan.devices[$0.device.index].settings))
            },
            displays: plan.displays.compactMap { DisplayLink(plan.devices[$0.device.index], zone: plan.zone) }
        )
        gateway = fresh
        checkers.started(boot: boot, origin: bootOrigin, at: now)
        say("start", "process of \(boot), from record \(disk.last + 1)")
        fresh.inbox.offer(
            .site(
                .started(
                    ProcessStart(
                        version: "sim", planHash: "plan", wasClean: remembered.wasStoppedCleanly,
                        isNewBoot: isNewBoot))))
        for index in plan.devices.indices { fresh.tell(DeviceID(index), .begins) }
        tellOfProvider()
        importDirectory()
        startUplink()
        pump()
        for lane in links.indices {
            guard let uptime = gateway?.uptime(now) else { return }
            ask(line: lane)
            let outputs = gateway?.links[lane].session.connected(at: uptime) ?? []
            take(outputs, of: lane)
        }
        connectDisplays()
        connectReaders()
        for camera in cameras.indices {
            if estate.display(behind: camera) != nil { gateway?.cameras[camera].useSerial() }
            planCamera(camera)
        }
    }

    /// What a restart reads: rows as stored, and for the checker all records folded again.
    private func recover() -> SiteMemory? {
        let rows = disk.rows.inOrder.map { ProjectionRow($0.key, $0.value) }
        guard let memory = try? SiteMemory(rows: rows) else {
            checkers.report("S8", "the projection rows cannot be read back", at: now)
            return nil
        }
        checkers.fold(disk, memory, at: now)
        return memory
    }

    func buildDirectory(asOf: Sequence) -> Directory? {
        var builder = DirectoryBuilder()
        for (key, value) in disk.rows.inOrder {
            guard let value = saboteur.row(value) else { continue }
            guard (try? builder.add(ProjectionRow(key, value))) != nil else { return nil }
        }
        return try? builder.build(asOf: asOf)
    }

    private func importDirectory() {
        guard !directoryIsImported else { return }
        directoryIsImported = true
        operate(.directory(initialDirectory(), reason: nil))
    }

    func operate(_ operation: Operation) {
        guard let reply = gateway?.newReply() else { return }
        gateway?.inbox.offer(.site(.operation(operation, by: Self.technician, reply: reply)))
    }

    static let technician = Operator(channel: "socket", name: "li")

    /// Hold outputs that stay asserted through a restart (H-43), as the daemon does.
    private func holding(_ lane: Int, _ memory: SiteMemory) -> Set<Int> {
        guard memory.lanes[estate.plan.name(of: LaneID(lane))]?.staysOpen == true else { return [] }
        let wires = estate.plan.outputs.filter { $0.lane.index == lane && $0.output.mayStandOpen }
        return Set(wires.map(\.terminal.channel))
    }

    /// kill -9 or the power: what was not durable is gone.
    func crash(power: Bool) {
        guard gateway != nil || power else { return }
        say("ends", power ? "power is cut" : "the process is killed")
        let new = disk.crash(completes: mishap.chance(1, in: 2), at: now)
        checkers.durable(new)
        checkers.crashed(at: now, power: power)
        gateway = nil
        breakConnections()
        upstream.hangUp()
        for question in payments.hangUp() { asksInVain(question) }
        diskIsPlanned = false
        if power {
            needsBoot = true
            for gate in gates.indices {
                gates[gate].board.restart(at: now)
                gates[gate].road.retune(at: now)
                settle(gate)
            }
            for way in ways.indices { restartBoard(ofWay: way) }
            for sign in signs.indices { restartCard(sign) }
            if mix.has(.badClockAtBoot) {
                clockOffset += .seconds(-mishap.below(7200))
                clockQuality = .doubtful
            }
        }
        agenda.plan(.processStart, at: now + mishap.milliseconds(power ? 8000...40000 : 1500...6000))
    }

    // MARK: The loop

    /// As `EngineLoop.run`: everything that waits, then what is due.
    func pump() {
        while let gateway, now >= gateway.stalledUntil {
            let inputs =
                gateway.inbox.take() + saboteur.echoes(at: now, own: gateway.uptime)
            for input in inputs {
                for changed in saboteur.inputs(input, at: now) { absorb(changed) }
            }
            guard let deadline = self.gateway?.engine.nextDeadline, let mine = self.gateway else { break }
            if mine.world(deadline) <= now {
                absorb(.wake)
            } else if inputs.isEmpty {
                planWake(mine.world(deadline))
                break
            }
        }
    }

    private func planWake(_ deadline: Uptime) {
        if let planned = gateway?.wakeAt, planned <= deadline, planned > now { return }
        gateway?.wakeAt = deadline
        agenda.plan(.engineWake(gateway?.incarnation ?? 0, at: deadline), at: deadline)
    }

    private func absorb(_ input: EngineInput) {
        guard let mine = gateway else { return }
        if case .site(.device(_, .outputStuck(let channel, true))) = input {
            say("stuck", "output \(channel)")
        }
        guard var output = gateway?.engine.absorb(input, at: moment(for: mine)) else { return }
        saboteur.change(&output, at: now)
        // Known to the judges first: a free bus carries a safety command out in the same instant.
        if !output.made.isEmpty {
            checkers.made(output.made, self)
            for record in output.made { transcript.add(record, at: now) }
        }
        for terminal in output.withdrawals { withdraw(terminal) }
        for command in output.commands { perform(command) }
        if !output.records.isEmpty {
            disk.submit(saboteur.records(output.records))
            writeDisk()
        }
        for answer in output.answers { answered(answer.reply, answer.answer) }
        for notice in output.notices { take(notice) }
    }

    private func answered(_ reply: ReplyID, _ answer: Answer) {
        if case .done(let sequence) = answer { checkers.acknowledged(sequence, disk, at: now) }
        if moneyAnswered(reply, answer) { return }
        var isDurable = false
        if case .done = answer { isDurable = true }
        if let aside = gateway?.asides.removeValue(forKey: reply.number) {
            return setAsideAnswered(aside, isDurable: isDurable)
        }
        guard let push = gateway?.pushes.removeValue(forKey: reply.number) else { return }
        if let mine = gateway, answering[push.camera] != nil {
            return settle(push, isDurable: isDurable, mine)
        }
        if let mine = gateway {
            // The answers are judged by `isDurable` below.
            _ = mine.cameras[push.camera].settled(push.id, isDurable: isDurable, at: mine.uptime(now))
        }
        guard !isDurable else { return }
        // The camera got 503 and sends the same bytes again.
        guard push.attempt < 3 else { return }
        agenda.plan(
            .push(camera: push.camera, push.request, attempt: push.attempt + 1), at: now + .seconds(10))
    }

    private func take(_ notice: EngineNotice) {
        switch notice {
        case .triggerCamera(let device):
            guard let camera = estate.plan.cameras.firstIndex(where: { $0.device == device }) else { return }
            triggered(camera)
        case .callGuard(let lane, let why): guardCalled(lane, why)
        case .directoryChanged(let through):
            gateway?.directoryWanted = max(gateway?.directoryWanted ?? through, through)
        case .show(let lane, let text): show(text, at: lane)
        case .collect(let request): orderLeaves(request)
        case .collectionOver, .store: break
        }
    }

    // MARK: The disk

    func writeDisk() {
        guard !diskIsPlanned, disk.begin() else { return }
        diskIsPlanned = true
        var done = now + latency.milliseconds(3...25)
        if case .stalls(let until) = disk.trouble { done = max(done, until) }
        agenda.plan(.diskEnd(disk.generation), at: done)
    }

    func diskEnd(_ generation: Int) {
        guard disk.generation == generation else { return }
        if case .stalls(let until) = disk.trouble, now < until {
            agenda.plan(.diskEnd(generation), at: until)
            return
        }
        diskIsPlanned = false
        let (result, new) = disk.end(at: now)
        checkers.durable(new)
        for one in new {
            seesThatItIsPaid(one.record)
            quoted(one.record)
        }
        checkers.money.report.outboxPeak = max(checkers.money.report.outboxPeak, unsent)
        if saboteur.wantsTwice(disk.durable.count), let last = new.last { checkers.durable([last]) }
        for one in saboteur.results(result) { gateway?.inbox.offer(.journal(one)) }
        if case .commitFailed = result {
            say("disk", "the commit failed")
            agenda.plan(.diskRetry(disk.generation), at: now + .seconds(1))
        } else {
            buildDirectoryIfDue()
            writeDisk()
        }
        tellUplink(.durable(through: Sequence(disk.last)))
    }

    private func buildDirectoryIfDue() {
        guard let mine = gateway, !mine.isBuildingDirectory, mine.directoryWanted > mine.directoryBuilt,
            disk.last >= mine.directoryWanted.number
        else { return }
        gateway?.isBuildingDirectory = true
        agenda.plan(.directoryReady(mine.incarnation), at: now + latency.milliseconds(20...400))
    }

    func directoryReady(_ run: Int) {
        guard let mine = gateway, mine.incarnation == run else { return }
        gateway?.isBuildingDirectory = false
        gateway?.directoryBuilt = mine.directoryWanted
        guard let directory = buildDirectory(asOf: mine.directoryWanted) else { return }
        mine.inbox.offer(.site(.directory(directory)))
        buildDirectoryIfDue()
    }
}
