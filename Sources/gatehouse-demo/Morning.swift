// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// What happens this morning, in order.
struct Morning {
    let stage: Stage
    private let north: Scene
    private let south: Scene
    private let lobby: Lobby

    init(stage: Stage) {
        self.stage = stage
        (north, south) = (stage.north, stage.south)
        lobby = Lobby(site: stage.site)
    }

    /// How each car left that paid.
    func play() throws -> [Sale] {
        try rest()
        let exits = Aside { [stage] in try Payments(stage: stage).play() }
        try arrivals()
        try people()
        try trouble()
        let sales = try exits.value("all who pay to be out", within: .seconds(170))
        try linkLost()
        try restarts()
        try linkBack()
        try fire()
        try departures()
        return sales
    }

    /// What a person at the keyboard asks for after the summary.
    func visit(_ key: String) throws {
        switch key {
        case "1": try north.pass(Cast.resident)
        case "2": try north.pass(Cast.guest)
        case "3": try south.pass(Cast.resident)
        case "4": try blocked()
        case "5": try lobby.pass(Cast.walker)
        case "6": try lobby.refuse(Cast.stranger)
        default: return
        }
        try rest()
    }

    private func arrivals() throws {
        headline(1, "业主回家", "a resident comes home")
        try north.pass(Cast.resident)
        try northRests()
        headline(2, "访客进入", "a visitor comes in")
        try north.pass(Cast.visitor)
        try northRests()
        headline(3, "一车误读一次、重复识别两次", "one car, read wrongly once and rightly twice")
        try misread()
        try northRests()
        headline(4, "黑名单车辆:拒绝,倒车离开", "a blocked plate: refused, the arm stays down, it backs out")
        try blocked()
        try northRests()
    }

    private func people() throws {
        headline(5, "业主在大堂刷卡通过", "a resident on foot: the card turns the turnstile")
        try lobby.pass(Cast.walker)
        headline(6, "陌生卡:拒绝,闸机不动", "a card of another house: refused, the turnstile stays locked")
        try lobby.refuse(Cast.stranger)
    }

    private func linkLost() throws {
        headline(10, "上游断开:道口照常工作", "the broker upstream goes away: the gates go on")
        stage.upstream.goAway()
    }

    private func linkBack() throws {
        headline(13, "上游恢复:积压的记录按序补传", "the broker is back: what waited goes up in order")
        try stage.upstream.comeBack()
        say("  record \(stage.upstream.last) was the last one upstream · 上游最后一条记录")
    }

    private func trouble() throws {
        headline(7, "开闸后掉头", "a car turns back after the arm opened")
        let undecided = try north.arrive(Cast.undecided)
        try north.waitArmUp()
        try north.backOut(undecided)
        try north.waitArmDown()
        try northRests()
        headline(8, "业主后面有人跟车", "a tailgater behind a resident")
        try tailgate()
        try northRests()
        headline(9, "有人用遥控器抬杆放车", "somebody's remote control raises the arm for a car")
        let stranger = try north.arrive(nil)
        north.lane.with { $0.pressFob() }
        try north.waitArmUp()
        try north.driveThrough(stranger)
        try north.waitArmDown()
        try northRests()
    }

    private func restarts() throws {
        headline(11, "车在杆下时程序被杀 (kill -9)", "kill -9 while a car stands under the arm")
        let courier = try north.arrive(Cast.courier)
        try north.waitArmUp()
        try north.driveUnderArm(courier)
        try killAndStart()
        try north.driveThrough(courier)
        try north.waitArmDown()
        try rest()
        headline(
            12, "停电:继电器板、地感、网关一起断电",
            "a power cut takes board, detectors and gateway; a car stands on the loop"
        )
        let guest = try north.arrive(Cast.guest)
        try north.waitArmUp()
        try north.driveUnderArm(guest)
        try powerCut()
        try north.driveThrough(guest)
        try seenEmpty()
        try north.waitArmDown()
        try rest()
    }

    private func departures() throws {
        headline(15, "业主离开,无需缴费", "the resident leaves and is asked nothing")
        try south.pass(Cast.resident)
        try rest()
    }

    private func rest() throws {
        try northRests()
        try south.rest(SiteView(stage.site))
    }

    /// While cars pay at the other gate.
    private func northRests() throws { try north.rest(SiteView(stage.site)) }

    private func misread() throws {
        let car = try north.arrive(nil)
        north.camera.send(PlateCameraModel.Sight(plate: Cast.neighbourMisread, confidence: 61))
        try pause(.milliseconds(150))
        // Twice the same bytes, as a camera repeats what was not answered in time; then one read more.
        north.camera.send(PlateCameraModel.Sight(plate: Cast.neighbour, confidence: 96), times: 2)
        north.camera.send(PlateCameraModel.Sight(plate: Cast.neighbour, confidence: 94))
        try north.waitArmUp()
        try north.driveThrough(car)
        try north.waitArmDown()
    }

    /// Time that something outside takes: a camera's next picture, a hand on a key, the mains.
    private func pause(_ length: Duration) throws {
        let end = TwinClock.uptime() + length
        try waiting(for: "time to pass", within: length + .seconds(2)) {
            TwinClock.uptime() >= end ? true : nil
        }
    }

    private func blocked() throws {
        let before = north.lane.with { $0.openClosings.count }
        let car = try north.arrive(Cast.blocked)
        try SiteView(stage.site).wait("north", phase: ["refused"], within: .seconds(10))
        try north.read("请联系管理处")
        try north.backOut(car)
        let after = north.lane.with { $0.openClosings.count }
        let isDown = north.lane.with { $0.barrier.isDown }
        guard before == after, isDown else { throw TwinError("the arm rose for a blocked plate") }
    }

    private func tailgate() throws {
        let family = try north.arrive(Cast.family)
        try north.waitArmUp()
        north.lane.with { $0.drive(family) }
        try waiting(for: "the family's car to be almost through", within: .seconds(10)) {
            north.lane.with { ($0.front(of: family) ?? 0) >= 900 } ? true : nil
        }
        let tailgater = north.lane.with { $0.arrive(stop: nil) }
        try waiting(for: "the tailgater to be through", within: .seconds(10)) {
            north.lane.with { $0.crossed(tailgater) } ? true : nil
        }
        try north.waitArmDown()
    }

    /// Nothing is lowered on the car while nobody watches, nor by the one who comes.
    private func killAndStart() throws {
        try stage.killGateway()
        say("  the gateway is dead · 网关已被杀死")
        try stage.startGateway()
        try SiteView(stage.site).wait("north", phase: ["passing"], within: .seconds(15))
        guard north.lane.with({ $0.barrier.isUp }) else {
            throw TwinError("the arm left a car without cover")
        }
    }

    /// The gateway is back before the board, as after a real cut; the detectors take the car for empty road.
    private func powerCut() throws {
        for scene in [north, south] { scene.lane.with { $0.cutPower() } }
        try stage.killGateway()
        say("  dark · 停电")
        try stage.startGateway()
        try pause(.milliseconds(2800))
        for scene in [north, south] { scene.lane.with { $0.restorePower() } }
        say("  power is back, the loop under the car says empty · 来电,车下地感显示无车")
        let started = ["passing", "open", "clearing", "opening", "fault_safety"]
        try SiteView(stage.site).wait("north", phase: started, within: .seconds(15))
        guard north.lane.with({ $0.barrier.isUp }) else {
            throw TwinError("the arm left a car without cover")
        }
    }

    /// Nothing is believed of a loop that may have been tuned to a car, so the gateway keeps the arm up, until
    /// a whole cycle of that loop or a person who stands there says that the lane is empty.
    private func seenEmpty() throws {
        let answer = try stage.site.gatehouse(
            "lane", "seen-empty", "north", "--reason", "EQUIPMENT_FAULT", "--on-site")
        guard answer.isSuccess else { throw TwinError("gatehouse lane seen-empty: \(answer.errors)") }
        say("  a technician on site says: lane seen empty · 技术员现场确认车道无车")
    }

    private func fire() throws {
        headline(14, "消防联动:全部抬杆;恢复后现场复位", "fire release: both lanes open; then a reset on site")
        north.lane.with { $0.isFireOn = true }
        for scene in [north, south] { try scene.waitArmUp() }
        let family = try south.arrive(Cast.family)
        try south.driveThrough(family)
        north.lane.with { $0.isFireOn = false }
        try reset()
        for scene in [north, south] { try scene.waitArmDown() }
        try rest()
    }

    /// Somebody turns the key again and again until the gateway takes it: the panel must have been quiet first.
    private func reset() throws {
        let limit = TwinClock.uptime() + .seconds(20)
        while TwinClock.uptime() < limit {
            north.lane.with { $0.isResetPressed = true }
            try pause(.milliseconds(600))
            north.lane.with { $0.isResetPressed = false }
            // Longer than the board is between two looks at its inputs, or the next turn is part of this one.
            try pause(.milliseconds(300))
            if try SiteView(stage.site).isFireOver() { return }
        }
        throw TwinError("waited 20 s in vain for the fire release to end after the reset on site")
    }
}
