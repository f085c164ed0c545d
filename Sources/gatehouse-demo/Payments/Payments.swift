// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// Every way to pay at an exit, one car each, through its own bytes.
struct Payments: Sendable {
    let stage: Stage
    let till: Till
    private let pages: Pages
    private let phone: Phone

    init(stage: Stage) {
        self.stage = stage
        till = Till(stage)
        pages = Pages(stage)
        phone = Phone(folder: stage.site.folder)
    }

    /// How each of them left.
    func play() throws -> [Sale] {
        if !Phone.missing.isEmpty {
            say(
                "  no \(Phone.missing.joined(separator: ", ")) here: codes for phones are taken as the text that "
                    + "the board was sent, and nobody reads a picture · 缺少二维码工具,改用文本")
        }
        try till.order(
            ["stay", "import", "main"] + Cast.parked.map(\.bare) + ["--reason", "RESIDENT_VERIFIED"])
        // Whoever leaves in the second in which he came pays nothing, under any tariff.
        let came = TwinClock.wall().milliseconds / 1000
        try waiting(for: "the next second", within: .seconds(5)) {
            TwinClock.wall().milliseconds / 1000 > came ? true : nil
        }
        try pages.waitForBroker()
        let providers = [Provider.etc(stage), try Provider.bank(stage)]
        defer { for provider in providers { provider.end() } }
        do {
            return try [
                atThePole(), atTheBoard(), withAWallet(), withAnAgreement(), withATag(), withCash(),
                withABalance(), ofTheTeaHouse(), withoutMoney(), exempt(), ahead(),
            ]
        } catch {
            // A car that waits in vain for a provider who has gone says nothing of him.
            throw providers.compactMap(\.problem).first.map { TwinError("\(error); \($0)") } ?? error
        }
    }

    // MARK: Codes for phones

    private func atThePole() throws -> Sale {
        headline("A", "扫立柱上的固定码", "the code that hangs at the pole: the page asks who stands there")
        let visit = try till.asks(Cast.atThePole)
        let read = try phone.read(print: PaidExit.poleCode)
        let lane = read.text.split(separator: "/").last.map(String.init) ?? ""
        guard let quote = try pages.quote(pages.target(lane: lane), .http) else {
            throw TwinError("nobody is known at the lane of \(read.text)")
        }
        let payment = Sale.Payment(way: "static_qr", fen: quote.due)
        try pages.pay("pole-1", payment, for: "\"quote\":\(quote.number)", .http)
        return try till.leaves(visit, "\(payment) over HTTP, the code \(read.how)", "缴费成功", [payment])
    }

    private func atTheBoard() throws -> Sale {
        headline("B", "扫显示屏上的动态码", "the code on the board, with order and amount in it")
        let visit = try till.asks(Cast.atTheBoard)
        guard let screen = visit.asked?.code else { throw TwinError("no code on the board") }
        let read = try phone.read(screen)
        let payment = Sale.Payment(way: "dynamic_qr", fen: try read.number("fen"))
        try pages.pay("board-1", payment, for: "\"quote\":\(try read.number("order"))", .mqtt)
        return try till.leaves(visit, "\(payment) over MQTT, the code \(read.how)", "缴费成功", [payment])
    }

    // MARK: Asked of a provider

    private func withAWallet() throws -> Sale {
        headline("C", "出示付款码", "the driver's code before the scanner, on a serial line")
        let visit = try till.asks(Cast.withAWallet)
        let payment = Sale.Payment(way: "scanned_code", fen: PaidExit.price)
        stage.paidExit.scanner.with { $0.hold(Cast.wallet, at: $1) }
        try till.opens()
        stage.paidExit.scanner.with { model, _ in model.takeAway() }
        return try till.leaves(visit, "\(payment), ordered of the bank over MQTT", "缴费成功", [payment])
    }

    private func withAnAgreement() throws -> Sale {
        headline("D", "车牌代扣", "an agreement by plate: the bank is asked at once")
        let visit = try till.comes(Cast.withAnAgreement)
        let payment = Sale.Payment(way: "plate_bound", fen: PaidExit.price)
        return try till.leaves(visit, "\(payment), ordered of the bank over MQTT", "缴费成功", [payment])
    }

    private func withATag() throws -> Sale {
        headline("E", "ETC", "a tag: the controller on site fetches the order over HTTP")
        let visit = try till.comes(Cast.withATag)
        let payment = Sale.Payment(way: "etc", fen: PaidExit.price)
        return try till.leaves(visit, "\(payment), ordered over HTTP", "缴费成功", [payment])
    }

    // MARK: From afar

    /// The visitor who came in this morning.
    private func ahead() throws -> Sale {
        headline("K", "场内预缴", "in the app, before the exit: by plate over MQTT")
        let plate = Cast.visitor.bare
        let quote = try waiting(for: "a quote for \(plate)", within: .seconds(60)) {
            try pages.quote(pages.target(plate: plate), .mqtt)
        }
        let payment = Sale.Payment(way: "prepaid", fen: quote.due)
        try pages.pay("app-1", payment, for: "\"quote\":\(quote.number)", .mqtt)
        let visit = try till.comes(Cast.visitor)
        return try till.leaves(visit, "\(payment) over MQTT, paid before", "缴费成功", [payment])
    }

    /// Paid later, at home.
    func payDebt(of plate: String, _ serial: String) throws -> Sale.Payment {
        let payment = Sale.Payment(way: "prepaid", fen: PaidExit.price)
        let use = try pages.pay(serial, payment, for: pages.target(plate: plate), .http)
        guard use == "arrears" else { throw TwinError("\(serial) was used for \(use) and not for the debt") }
        return payment
    }
}

extension Sale.Payment: CustomStringConvertible {
    var description: String { "\(way) \(yuan(fen))" }
}
