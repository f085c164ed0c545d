// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// A line on which a lane's board and its display take turns, as the daemon's `SerialBus` lets them.
extension Simulation {
    /// Who is on a line.
    enum Rider: Equatable {
        /// By its lane.
        case board(Int)
        case display(Int)

        /// Its place among the two.
        var number: Int {
            switch self {
            case .board: 0
            case .display: 1
            }
        }
    }

    private static let patience = Duration.milliseconds(20)

    /// The lane whose line this is, with the display there; nil: the rider has its line for itself.
    private func sharedLine(of rider: Rider) -> (lane: Int, display: Int)? {
        switch rider {
        case .board(let lane): estate.display(sharingLineOf: lane).map { (lane, $0) }
        case .display(let index): estate.lane(sharedWith: index).map { ($0, index) }
        }
    }

    func mayBegin(_ rider: Rider, _ mine: Gateway) -> Bool {
        guard let line = sharedLine(of: rider) else { return true }
        if mine.turns[line.lane].mayBegin(rider.number, claims: claims(line, mine)) { return true }
        if mine.turns[line.lane].holder == nil, !mine.isReminded[line.lane] {
            mine.isReminded[line.lane] = true
            agenda.plan(.lineReminder(line.lane, mine.incarnation), at: now + Self.patience)
        }
        return false
    }

    func isHolder(_ rider: Rider, _ mine: Gateway) -> Bool {
        guard let line = sharedLine(of: rider) else { return true }
        return mine.turns[line.lane].holder == rider.number
    }

    func settled(_ rider: Rider, _ mine: Gateway) {
        guard let line = sharedLine(of: rider) else { return }
        let isExchanging =
            switch rider {
            case .board(let lane): mine.links[lane].session.isExchanging
            case .display(let index): mine.displays[index].session.isExchanging
            }
        if isExchanging {
            mine.turns[line.lane].began(rider.number)
        } else {
            offer(mine.turns[line.lane].ended(rider.number, claims: claims(line, mine)), line, mine)
        }
    }

    func lineReminder(_ lane: Int, _ run: Int) {
        guard let mine = gateway, mine.incarnation == run, let display = estate.display(sharingLineOf: lane)
        else { return }
        mine.isReminded[lane] = false
        let line = (lane: lane, display: display)
        offer(mine.turns[lane].order(claims(line, mine)), line, mine)
    }

    private func offer(_ order: [Int], _ line: (lane: Int, display: Int), _ mine: Gateway) {
        for number in order where mine.turns[line.lane].holder == nil {
            if number == Rider.display(line.display).number {
                step(display: line.display) { session, now in session.lineFreed(at: now) }
            } else if !mine.links[line.lane].isFrozen {
                step(board: line.lane) { session, now in session.lineFreed(at: now) }
            }
        }
    }

    private func claims(_ line: (lane: Int, display: Int), _ mine: Gateway) -> [Int: LineClaim] {
        let link = mine.links[line.lane]
        let uptime = mine.uptime(now)
        return [
            // While its clock stands still it has nothing to ask.
            Rider.board(line.lane).number: link.isFrozen ? .none : link.session.claim(at: link.own(uptime)),
            Rider.display(line.display).number: mine.displays[line.display].session.claim(at: uptime),
        ]
    }
}
