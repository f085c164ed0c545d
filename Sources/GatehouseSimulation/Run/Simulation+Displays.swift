// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseEngine

/// Display cards between the world and the process, as `DisplayService` carries their bytes, and what goes wrong
/// with them.
extension Simulation {
    // MARK: Texts

    /// The same text again is no news.
    func show(_ wanted: LaneText, at lane: LaneID) {
        guard let mine = gateway, let text = saboteur.text(wanted) else { return }
        for index in signs.indices where signs[index].wire.lane == lane {
            guard mine.displays[index].shown != text else { continue }
            mine.displays[index].shown = text
            let content = DisplayLayout.content(text, mine.displays[index].settings)
            if mine.displays[index].passed != nil {
                step(passed: index) { session, now in session.show(content, at: now) }
            } else {
                step(display: index) { session, now in session.show(content, at: now) }
            }
        }
    }

    func connectDisplays() {
        guard let mine = gateway else { return }
        for index in signs.indices where mine.displays[index].passed == nil {
            step(display: index) { session, now in session.connected(at: now) }
        }
    }

    func step(display index: Int, _ tell: (inout DisplaySession, Moment) -> [DisplayOutput]) {
        guard let mine = gateway else { return }
        mine.displays[index].session.mayBegin = mayBegin(.display(index), mine)
        for output in tell(&mine.displays[index].session, moment(for: mine)) {
            switch output {
            case .write(let bytes): write(bytes, toDisplay: index, mine)
            case .faultRaised(let fault):
                mine.tell(
                    signs[index].wire.device,
                    .faultRaised(code: fault.code, severity: fault.severity, detail: fault.detail))
            case .faultCleared(let code):
                mine.tell(signs[index].wire.device, .faultCleared(code: code))
            }
        }
        settled(.display(index), mine)
        planTimer(ofDisplay: index, mine)
    }

    func step(passed index: Int, _ tell: (inout PassedDisplaySession, Moment) -> SerialBatch?) {
        guard let mine = gateway, var session = mine.displays[index].passed,
            let camera = estate.camera(before: index)
        else { return }
        let batch = tell(&session, moment(for: mine))
        mine.displays[index].passed = session
        if let batch {
            take(mine.cameras[camera].pass(batch, at: mine.uptime(now)), ofAnswering: camera, mine)
        }
        planTimer(ofDisplay: index, mine)
    }

    private func planTimer(ofDisplay index: Int, _ mine: Gateway) {
        let link = mine.displays[index]
        guard let due = link.passed.map(\.nextTimer) ?? link.session.nextTimer else { return }
        let at = max(now, mine.world(due))
        if let planned = mine.displays[index].timerAt, planned <= at, planned >= now { return }
        mine.displays[index].timerAt = at
        agenda.plan(.displayTimer(index, at: at, mine.incarnation), at: at)
    }

    func displayTimer(_ index: Int, _ planned: Uptime, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, mine.displays[index].timerAt == planned else {
            return
        }
        mine.displays[index].timerAt = nil
        guard mine.displays[index].passed == nil else {
            return step(passed: index) { session, now in session.timer(at: now) }
        }
        step(display: index) { session, now in session.timer(at: now) }
    }

    // MARK: The line

    /// A card has a frame when its last byte is there.
    private func write(_ bytes: [UInt8], toDisplay index: Int, _ mine: Gateway) {
        let onTheLine = mine.displays[index].settings.characterTime * bytes.count
        agenda.plan(.frameForCard(index, bytes, mine.incarnation), at: now + onTheLine)
    }

    /// What is on its way arrives, though its sender is dead.
    func frameForCard(_ index: Int, _ bytes: [UInt8], _ run: Int) {
        if let lane = estate.lane(sharedWith: index) { _ = gates[lane].board.receive(bytes, at: now) }
        let before = signs[index].card.lines
        let replies = signs[index].card.receive(garbled(bytes, by: index), at: now)
        if signs[index].card.lines != before { changed(index) }
        for reply in replies {
            agenda.plan(.cardAnswers(index, garbled(reply.bytes, by: index), run), at: reply.at)
        }
    }

    func cardAnswers(_ index: Int, _ bytes: [UInt8], _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, mine.displays[index].passed == nil else { return }
        // On a shared line an answer is for who asked.
        guard isHolder(.display(index), mine) else { return }
        step(display: index) { session, now in session.receive(bytes, at: now) }
    }

    private func garbled(_ bytes: [UInt8], by index: Int) -> [UInt8] {
        guard signs[index].isGarbled, !bytes.isEmpty, screens.chance(3, in: 4) else { return bytes }
        var bytes = bytes
        bytes[screens.below(bytes.count)] ^= 1 << UInt8(screens.below(8))
        return bytes
    }

    private func changed(_ index: Int) {
        let lines = signs[index].card.lines
        say("board", at: signs[index].wire.lane.index, lines.prefix(2).joined(separator: " | "))
        checkers.signs.shows(lines, sign: index)
    }

    // MARK: Faults

    func inflict(_ kind: FaultKind, sign index: Int) {
        guard signs.indices.contains(index) else { return }
        let lane = signs[index].wire.lane.index
        func lasting(_ range: ClosedRange<Int>) -> Uptime {
            now + min(faultsEnd - now, screens.milliseconds(range))
        }
        say("fault", at: lane, kind.rawValue)
        switch kind {
        case .displaySilent:
            // No supply, or only its answers are lost.
            if screens.chance(1, in: 2) {
                signs[index].card.faults.isDeaf = true
            } else {
                signs[index].card.faults.isMute = true
            }
            agenda.plan(.healSign(kind, index), at: lasting(500...1_800_000))
        case .displayRestart:
            restartCard(index)
            signs[index].card.faults.isDeaf = true
            agenda.plan(.healSign(kind, index), at: lasting(500...9000))
        default:
            signs[index].isGarbled = true
            agenda.plan(.healSign(kind, index), at: lasting(500...600_000))
        }
        checkers.signs.health(of: index, signs[index], at: now)
    }

    func restartCard(_ index: Int) {
        signs[index].card.restart()
        changed(index)
        checkers.signs.restarted(index, at: now)
    }

    func heal(_ kind: FaultKind, sign index: Int) {
        if kind.isOfOpeners { return heal(kind, answering: index) }
        say("heal", at: signs[index].wire.lane.index, kind.rawValue)
        switch kind {
        case .displayGarbled: signs[index].isGarbled = false
        default:
            signs[index].card.faults.isDeaf = false
            signs[index].card.faults.isMute = false
        }
        checkers.signs.health(of: index, signs[index], at: now)
    }
}
