// SPDX-License-Identifier: Apache-2.0

/// Turnstiles and doors within the site: readers, questions, records, commands. Fire, orders, boards and the numbering
/// of records are those of every lane.
extension Site {
    mutating func presented(_ presented: CardPresented, _ out: inout Effects) {
        for wire in routes.readers[presented.device] ?? [] {
            let fact = CardReadFact(
                lane: plan.name(of: wire.lane), reader: plan.devices[presented.device.index].name,
                card: presented.card.masked, direction: wire.direction,
                isKnown: directory.isKnown(presented.card),
                arrivalMicroseconds: (out.now.uptime - presented.receivedAt).inNanoseconds / 1000)
            let recorded = record(.cardRead(fact), &out) ?? Sequence(0)
            drive(
                walkway: wire.lane,
                .card(CardRead(record: recorded, card: presented.card, direction: wire.direction)), &out)
        }
    }

    /// Steps a walkway and carries out what it wants; its questions are answered before any other event.
    mutating func drive(walkway lane: LaneID, _ event: WalkwayEvent, _ out: inout Effects) {
        guard let index = plan.walkwayIndex(lane) else { return }
        var questions: [(RequestID, AccessRequest)] = []
        for effect in walkways[index].step(event, at: out.now) {
            switch effect {
            case .decide(let id, let request): questions.append((id, request))
            case .record(let fact): record(fact, ofWalkway: lane, &out)
            case .command(let output, let action, let commandClass, let life, let cause):
                command(lane, output, action, commandClass, life, cause, &out)
            case .startTimer(let timer, let deadline):
                out.effects.append(.startTimer(.walkway(lane, timer), at: deadline))
            case .stopTimer(let timer): out.effects.append(.stopTimer(.walkway(lane, timer)))
            case .show(let text):
                texts[lane.index] = text
                out.effects.append(.show(lane, text))
            case .callGuard(let why): out.effects.append(.callGuard(lane, why))
            case .raiseFault(let code): raise(lane, code, &out)
            case .clearFault(let code): clear(lane, code, &out)
            }
        }
        for (id, request) in questions {
            drive(walkway: lane, .decided(id, decide(request, at: out.now)), &out)
        }
    }

    private mutating func record(_ fact: LaneFact, ofWalkway lane: LaneID, _ out: inout Effects) {
        let name = plan.name(of: lane)
        switch fact {
        case .decided(let id, let request, let decision): record(id, request, decision, of: lane, &out)
        case .note(let note):
            if note.kind == .orderRefused { out.refusal = note.why ?? "refused" }
            record(.laneNote(lane: name, note, decision: asked(note.request, of: lane)?.record), &out)
        case .passage(let passage):
            let decision = asked(passage.request, of: lane)?.record ?? passage.resumedDecision
            record(.passage(PassageFact(lane: name, passage: passage, decision: decision)), &out)
        }
    }

    /// What the rules are told of a place for people. Nobody counts there, and nobody pays.
    func situation(forWalkway index: Int, _ request: AccessRequest) -> AccessSituation {
        var situation = AccessSituation()
        situation.isFireActive = walkways[index].isFireActive
        situation.isDrill = situation.isFireActive && memory.drill != nil
        situation.isLaneOutOfService = walkways[index].refusesEntry && request.direction == .in
        situation.isStoreAvailable = store == .available
        return situation
    }
}

/// A card at a reader, on its way in.
package struct CardPresented: Hashable, Sendable {
    package var device: DeviceID
    package var card: Card
    /// Last byte from the device, for the trace.
    package var receivedAt: Uptime

    package init(device: DeviceID, card: Card, receivedAt: Uptime) {
        self.device = device
        self.card = card
        self.receivedAt = receivedAt
    }
}
