// SPDX-License-Identifier: Apache-2.0

/// A passage with what the site knows about it: the input of stay accounting.
package struct StayPassage: Hashable, Sendable {
    package var passage: Passage
    package var lane: String
    package var laneKind: LanePlan.Kind
    package var area: String
    /// The decision that it consumed.
    package var decision: Decision?
    /// By whose right it is inside, where the decision alone does not say: a resident may tailgate too.
    package var holder: StayHolder?
    package var clock: ClockStamp

    package init(
        passage: Passage, lane: String, laneKind: LanePlan.Kind, area: String, decision: Decision? = nil,
        holder: StayHolder? = nil, clock: ClockStamp = .sound
    ) {
        self.clock = clock
        self.passage = passage
        self.lane = lane
        self.laneKind = laneKind
        self.area = area
        self.decision = decision
        self.holder = holder
    }

    /// Into the area, whatever the lane is for.
    var entersArea: Bool {
        switch laneKind {
        case .entry: !passage.isReverse
        case .exit: passage.isReverse
        case .twoWay: passage.direction == .in
        }
    }

    /// What the passage is booked to: the plate decided on before the one that was read.
    var plate: Plate? { decision?.plate ?? passage.reading?.plate }

    var opening: StayOpening {
        // In through an exit nobody was asked: the vehicle is matched by a person, with its reading as a hint.
        let known = passage.isReverse ? nil : holder ?? decision?.holder
        return StayOpening(
            area: area, lane: lane, plate: plate, reading: passage.reading,
            holder: known ?? StayHolder(plate == nil || passage.isReverse ? .unidentified : .temporary),
            recognisedAt: passage.recognisedAt ?? passage.startedAt, passedAt: passage.passedAt, flags: flags,
            clock: clock)
    }

    var exit: Stay.Exit {
        Stay.Exit(
            lane: lane, recognisedAt: passage.recognisedAt ?? passage.startedAt, passedAt: passage.passedAt,
            reading: passage.reading, clock: clock)
    }

    /// The lane's flags and what the loops and the cause add.
    var flags: [String] {
        var flags = passage.flags
        func add(_ flag: String, _ isTrue: Bool) {
            if isTrue, !flags.contains(flag) { flags.append(flag) }
        }
        add("manual_open", passage.cause == .manual)
        add("held_open", passage.cause == .held)
        add("convoy", passage.cause == .convoy)
        add("fire", passage.cause == .fire)
        add("resumed", passage.cause == .resumed)
        add("ungranted", passage.cause == .ungranted)
        add("unattributed", passage.cause == .unattributed)
        add("reverse", passage.isReverse)
        add("assumed", passage.certainty == .assumed)
        return flags
    }
}

extension Decision {
    var holder: StayHolder {
        // A visitor's car is none of its host's.
        StayHolder(
            vehicleClass, permit: permit, household: vehicleClass == .visitor ? nil : household)
    }
}
