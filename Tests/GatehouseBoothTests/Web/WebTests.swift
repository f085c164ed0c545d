// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDiagnostics
import Testing

@testable import GatehouseBooth

@Suite struct FormTests {
    @Test func `forms are read as browsers write them`() throws {
        let form = try #require(Form(Array("lane=north&note=%E6%90%AC%E5%AE%B6+van%26co&empty=".utf8)))
        #expect(form["lane"] == "north" && form["note"] == "搬家 van&co" && form["empty"] == "")
        #expect(form["absent"] == "")
        #expect(form.order == "empty=\u{0}lane=north\u{0}note=搬家 van&co")
    }

    @Test(arguments: [
        "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", (0..<40).map { "f\($0)=1" }.joined(separator: "&"),
    ])
    func `what is no form is refused`(_ text: String) { #expect(Form(Array(text.utf8)) == nil) }

    @Test func `cut and mangled forms never trap`() {
        let whole = Array("a=%E6%90%AC&b=%&&==&c".utf8)
        for end in 0...whole.count { _ = Form(Array(whole[..<end])) }
    }
}

@Suite struct OrdersTests {
    private func form(_ text: String) throws -> Form { try #require(Form(Array(text.utf8))) }

    @Test func `a form about money is one request, exact to the fen`() throws {
        let cash = try Orders.money(try form("action=cash&quote=70&amount=8.5"))
        #expect(
            cash
                == .money(
                    .take(
                        PaymentNotice(
                            serial: PaymentNotice.newSerial, way: .cash, amount: Money(850),
                            quote: Sequence(70)))))
        let free = try Orders.money(try form("action=release&stay=7&reason=OTHER&note=ambulance+crew"))
        guard case .money(.adjust(.stay(StayID(7)), let change)) = free else {
            return #expect(Bool(false), "\(free)")
        }
        #expect(change.change == .feeIs(.zero) && change.reason.contains("ambulance crew"))
        let large = try Orders.money(
            try form("action=classify&stay=7&class=large&energy=&reason=READ_ERROR"))
        #expect(
            large
                == .money(
                    .classify(
                        .stay(StayID(7)), Classification(vehicleClass: "large"), reason: "READ_ERROR")))
        #expect(
            try Orders.money(try form("action=coupon&stay=7&minutes=60&merchant=shop"))
                == .money(
                    .grantCoupon(
                        CouponOrder(kind: .minutes(60), merchant: "shop", target: .stay(StayID(7))))))
        #expect(
            try Orders.money(try form("action=dispute&stay=7&reason=DISPUTE&note="))
                == .money(.dispute(.stay(StayID(7)), reason: "DISPUTE")))
        #expect(try Orders.money(try form("action=open_shift")) == .money(.openShift))
        #expect(
            try Orders.money(try form("action=close_shift&amount=318&note="))
                == .money(
                    .closeShift(counted: Money(31_800), note: nil)))
    }

    @Test(arguments: [
        "action=cash&quote=70&amount=8.555", "action=cash&quote=70&amount=-8", "action=cash&quote=x&amount=8",
        "action=cash&quote=70&amount=8%2C5", "action=release&stay=7", "action=give&amount=8", "",
        "action=coupon&stay=7&minutes=0", "action=classify&stay=7&class=<b>&reason=READ_ERROR",
    ]) func `a wrong form about money asks nothing`(_ text: String) throws {
        let form = try form(text)
        #expect(throws: Orders.Mistake.self) { try Orders.money(form) }
    }

    @Test func `buttons become the requests that a guard may make`() throws {
        let open = try Orders.lane(try form("lane=gate&action=open+out&reason=TEST&note=x"))
        #expect(open == .lane(name: "gate", LaneRequest(action: .open, way: .out, reason: "TEST", note: "x")))
        let match = try Orders.stay(try form("action=match&stay=7&with=9&reason=READ_ERROR"))
        #expect(match == .stay(.match(7, with: 9, reason: "READ_ERROR")))
        let other = try Orders.stay(try form("action=close&stay=7&reason=OTHER&note=towed"))
        #expect(other == .stay(.close(7, reason: "OTHER: towed")))
        #expect(
            try Orders.recount(try form("area=main&cars=3&reason=TEST"))
                == .recount(area: "main", cars: 3, reason: "TEST"))
    }

    @Test(arguments: [
        "action=hold&lane=n&reason=TEST", "action=seen-empty&lane=n&reason=TEST",
        "action=release&lane=n&reason=TEST",
        "action=&lane=n&reason=TEST", "action=open&lane=n&reason=", "action=open&lane=n&reason=OTHER",
    ])
    func `what a guard may not order is not asked for`(_ text: String) throws {
        let form = try form(text)
        #expect(throws: Orders.Mistake.self) { try Orders.lane(form) }
    }

    @Test(arguments: [
        "action=correct&stay=7&reason=TEST&plate=%3Cscript%3E", "action=close&stay=x&reason=TEST",
        "action=import&stay=7&reason=TEST", "action=match&stay=7&reason=TEST",
    ])
    func `repairs that make no sense are refused here`(_ text: String) throws {
        let form = try form(text)
        #expect(throws: Orders.Mistake.self) { try Orders.stay(form) }
    }

    @Test func `every order that a lane can offer has a request`() {
        for order in OfferedOrder.allCases {
            #expect(LaneRequest.Action(rawValue: order.rawValue) != nil)
        }
    }
}

@Suite struct OriginsTests {
    private func origins(_ address: String, _ names: [String] = []) throws -> Origins {
        let hash = try #require(PasswordHash(of: "12345678", cost: cheap))
        let settings = BoothSettings(
            address: address, port: 8088, names: names, socket: "/x", guards: try Guards("li:\(hash.text)"),
            metricsToken: nil, zone: .utc)
        return Origins(settings, addresses: ["192.0.2.7"])
    }

    @Test func `the page answers to its own names only`() throws {
        let local = try origins("127.0.0.1")
        for host in ["127.0.0.1:8088", "localhost:8088", "LocalHost"] { #expect(local.knows(host: host)) }
        for host in ["evil.example", "evil.example:8088", "192.0.2.7:8088", "[::1]:8088", "", nil] {
            #expect(!local.knows(host: host), "\(host ?? "nil")")
        }
        let named = try origins("192.0.2.7", ["booth.example"])
        #expect(named.knows(host: "192.0.2.7:8088") && named.knows(host: "booth.example"))
        #expect(!named.knows(host: "localhost:8088"))
        #expect(try origins("0.0.0.0").knows(host: "192.0.2.7:8088"))
    }

    @Test func `forms come from pages of ours`() throws {
        let local = try origins("127.0.0.1")
        let host = "127.0.0.1:8088"
        #expect(local.allows(origin: "http://127.0.0.1:8088", host: host))
        for origin in ["http://evil.example", "http://127.0.0.1:9", "null", "", nil] {
            #expect(!local.allows(origin: origin, host: host), "\(origin ?? "nil")")
        }
        #expect(!local.allows(origin: "http://evil.example", host: "evil.example"))
    }
}
