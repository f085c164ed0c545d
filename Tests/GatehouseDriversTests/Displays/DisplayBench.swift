// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation

/// A session on one end and a model of the card on the other, joined in virtual time. Bytes arrive when the line
/// has carried them.
struct DisplayBench {
    var session: DisplaySession
    var card: DisplayCardModel
    let settings: DisplaySettings
    var now = Uptime.zero
    var told: [DisplayOutput] = []
    var writes: [Written] = []
    private var onTheWay: [(bytes: [UInt8], at: Uptime, isToCard: Bool)] = []

    struct Written: Equatable {
        var bytes: [UInt8]
        var at: Uptime
    }

    init(_ settings: DisplaySettings = DisplaySettings(), kind: DisplayCardModel.Kind = .card64) {
        self.settings = settings
        card = DisplayCardModel(kind)
        let wire: any DisplayCard = kind == .card64 ? Card64Wire() : CardAA55Wire()
        session = DisplaySession(settings, wire: wire, zone: .utc)
    }

    var moment: Moment {
        Moment(uptime: now, wall: WallTime(milliseconds: 1_772_411_415_000) + (now - .zero))
    }

    mutating func connect() { take(session.connected(at: moment)) }

    mutating func show(_ text: LaneText) {
        take(session.show(DisplayLayout.content(text, settings), at: moment))
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while let next = [session.nextTimer, onTheWay.map(\.at).min()].compactMap({ $0 }).min(), next <= end {
            now = max(now, next)
            let due = onTheWay.filter { $0.at <= now }
            onTheWay.removeAll { $0.at <= now }
            for one in due {
                if one.isToCard {
                    onTheWay += card.receive(one.bytes, at: now).map { ($0.bytes, $0.at, false) }
                } else {
                    take(session.receive(one.bytes, at: moment))
                }
            }
            if let timer = session.nextTimer, timer <= now { take(session.timer(at: moment)) }
        }
        now = end
    }

    /// Codes of the faults that stand.
    var faults: [String] {
        told.reduce(into: []) { faults, told in
            switch told {
            case .faultRaised(let fault): faults.append(fault.code)
            case .faultCleared(let code): faults.removeAll { $0 == code }
            case .write: break
            }
        }
    }

    private mutating func take(_ outputs: [DisplayOutput]) {
        for output in outputs {
            guard case .write(let bytes) = output else {
                told.append(output)
                continue
            }
            writes.append(Written(bytes: bytes, at: now))
            onTheWay.append((bytes, now + settings.characterTime * bytes.count, true))
        }
    }
}
