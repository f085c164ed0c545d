// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The road of one lane: bodies that move by themselves between instants, and the loops in the asphalt.
/// Positions in centimetres along the lane's own direction; the arm stands at `Road.arm`.
///
/// Unlike `LoopModel`, which scenarios step, nothing here is stepped: a position is computed when somebody
/// looks, so that a quiet road costs nothing.
struct Road {
    enum Zone: Int, CaseIterable { case presence, safety, clear }

    static let arm = 400
    static let stopLine = 150
    static let farStopLine = 650
    static let begin = -1500
    static let end = 2200

    static func span(_ zone: Zone) -> Range<Int> {
        switch zone {
        case .presence: 0..<200
        case .safety: 300..<500
        case .clear: 600..<750
        }
    }

    struct Body {
        var car: Int
        /// +1 in the lane's own direction, -1 against it: where its nose points.
        var heading: Int
        var length = 450
        /// Drawbar of a trailer: so far behind the nose there is nothing for a loop to see.
        var hollow: Range<Int>?
        /// A rider: loops do not see it (H-01, H-03), by zone.
        var isUnseen: [Bool] = [false, false, false]
        fileprivate var nose: Int
        fileprivate var since: Uptime
        fileprivate var target: Int
        fileprivate var speed = 0

        init(car: Int, heading: Int, nose: Int, at now: Uptime) {
            self.car = car
            self.heading = heading
            self.nose = nose
            target = nose
            since = now
        }

        func nose(at now: Uptime) -> Int {
            let way = Int((now - since).inMilliseconds) * speed / 1000
            return target >= nose ? min(target, nose + way) : max(target, nose - way)
        }

        func arrival() -> Uptime {
            guard speed > 0 else { return since }
            return since + .milliseconds((abs(target - nose) * 1000 + speed - 1) / speed)
        }

        func isMoving(at now: Uptime) -> Bool { speed > 0 && nose(at: now) != target }

        /// What of it stands on the road, in road coordinates.
        func parts(at now: Uptime) -> [Range<Int>] {
            let tip = nose(at: now)
            let local = hollow.map { [0..<$0.lowerBound, $0.upperBound..<length] } ?? [0..<length]
            return local.map { part in
                heading > 0
                    ? (tip - part.upperBound)..<(tip - part.lowerBound)
                    : (tip + part.lowerBound)..<(tip + part.upperBound)
            }
        }

        func tail(at now: Uptime) -> Int { nose(at: now) - heading * length }
    }

    private(set) var bodies: [Body] = []
    /// nil: never.
    var forgetsAfter: Duration?
    private var tunedTo: [Set<Int>] = [[], [], []]
    private var onSince: [Uptime?] = [nil, nil, nil]
    /// Stretches in which something that can be seen was truly under the arm, to the resolution of `detect`;
    /// the last one and the one before.
    private(set) var underArm: [(from: Uptime, to: Uptime)] = []
    private var isUnderArm = false

    subscript(car: Int) -> Body? { bodies.first { $0.car == car } }

    mutating func enter(_ body: Body) { bodies.append(body) }
    mutating func leave(_ car: Int) { bodies.removeAll { $0.car == car } }

    /// Returns the arrival.
    mutating func drive(_ car: Int, to target: Int, speed: Int, at now: Uptime) -> Uptime {
        guard let index = bodies.firstIndex(where: { $0.car == car }) else { return now }
        bodies[index].nose = bodies[index].nose(at: now)
        bodies[index].since = now
        bodies[index].target = target
        bodies[index].speed = speed
        return bodies[index].arrival()
    }

    func isMoving(at now: Uptime) -> Bool { bodies.contains { $0.isMoving(at: now) } }

    private static func covers(_ body: Body, _ zone: Zone, _ now: Uptime) -> Bool {
        body.parts(at: now).contains { $0.overlaps(span(zone)) }
    }

    /// What the detectors say at this instant; they forget and re-tune as the field's do (H-14, H-15).
    mutating func detect(at now: Uptime) -> [Bool] {
        for zone in Zone.allCases {
            let index = zone.rawValue
            var present: Set<Int> = []
            for body in bodies where !body.isUnseen[index] && Self.covers(body, zone, now) {
                present.insert(body.car)
            }
            if zone == .safety { note(isUnderArm: !present.isEmpty, at: now) }
            if !tunedTo[index].isEmpty { tunedTo[index].formIntersection(present) }
            guard !present.isSubset(of: tunedTo[index]) else {
                onSince[index] = nil
                continue
            }
            let since = onSince[index] ?? now
            onSince[index] = since
            if let forgetsAfter, now - since >= forgetsAfter {
                tunedTo[index] = present
                onSince[index] = nil
            }
        }
        return onSince.map { $0 != nil }
    }

    private mutating func note(isUnderArm isNow: Bool, at now: Uptime) {
        defer { isUnderArm = isNow }
        guard isNow else { return }
        if isUnderArm, let last = underArm.popLast() {
            underArm.append((last.from, now))
        } else {
            underArm = underArm.suffix(1) + [(now, now)]
        }
    }

    func isOn(_ zone: Zone) -> Bool { onSince[zone.rawValue] != nil }

    /// When a detector will forget what stands on it.
    var nextForgetting: Uptime? {
        guard let forgetsAfter else { return nil }
        return onSince.compactMap { $0.map { $0 + forgetsAfter } }.min()
    }

    /// Power returned: each detector takes what stands on it for the empty road.
    mutating func retune(at now: Uptime) {
        for zone in Zone.allCases {
            var present: Set<Int> = []
            for body in bodies where !body.isUnseen[zone.rawValue] && Self.covers(body, zone, now) {
                present.insert(body.car)
            }
            tunedTo[zone.rawValue] = present
            onSince[zone.rawValue] = nil
        }
    }
}
