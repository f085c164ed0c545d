// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse coupon`: what takes something off a charge, and who bears it.
struct CouponCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coupon", abstract: "Coupons: what they take off, and which merchant bears it.",
        subcommands: [Grant.self, Revoke.self, List.self])

    struct Grant: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a coupon to a vehicle that is inside, waits at a lane, or is yet to come.",
            discussion:
                "One of --minutes, --amount, --percent, --full, --tariff and --period. Without --merchant the site itself bears it."
        )
        @Argument(help: PaymentTargetArgument.help) var target: PaymentTargetArgument
        @Option(help: ArgumentHelp("So many minutes are free.", valueName: "minutes")) var minutes: Int?
        @Option(help: ArgumentHelp("So much off, as 5.00.", valueName: "amount")) var amount: AmountArgument?
        @Option(help: ArgumentHelp("So many percent off, 1 to 100: 20 leaves 80.", valueName: "percent"))
        var percent: UInt8?
        @Flag(help: "Everything off.") var full = false
        @Option(
            help: ArgumentHelp("Priced under this tariff of charging.coupons.tariffs.", valueName: "id"))
        var tariff: String?
        @Flag(help: "Free from --from to --until, as often as it comes.") var period = false
        @Option(help: ArgumentHelp("Who bears it, by its word in the site file.", valueName: "name"))
        var merchant: String?
        @Option(help: ArgumentHelp("Its number at whoever gives it; it is granted once.", valueName: "id"))
        var id: String?
        @Option(
            help: ArgumentHelp("Good from then: 07:30, 2026-03-02; now when left out.", valueName: "time"))
        var from: String?
        @Option(help: ArgumentHelp("No longer good then: 3h, 2026-03-03.", valueName: "time"))
        var until: String?
        @OptionGroup var options: SocketOptions

        func validate() throws {
            if let percent, !(1...100).contains(percent) {
                throw ValidationError("--percent is 1 to 100, not \(percent)")
            }
        }

        func run() throws {
            let order = CouponOrder(
                id: id ?? "", kind: try kind,
                validFrom: try from.map { try second($0, option: "--from") },
                validTo: try until.map { try second($0, option: "--until") }, merchant: merchant,
                target: target.target)
            try options.order(.money(.grantCoupon(order)), done: "granted: \(CouponText.face(order.kind))")
        }

        private var kind: Coupon.Kind {
            get throws {
                let kinds: [Coupon.Kind?] = [
                    minutes.map { .minutes($0) }, amount.map { .amount($0.money) },
                    percent.map { .percent($0) }, full ? .full : nil, tariff.map { .tariff($0) },
                    period ? .period : nil,
                ]
                let given = kinds.compactMap(\.self)
                guard given.count == 1, let kind = given.first else {
                    throw CommandFailure(
                        .usage,
                        "\(given.count) of --minutes, --amount, --percent, --full, --tariff and --period are given",
                        hint: "one of them")
                }
                return kind
            }
        }

        private func second(_ text: String, option: String) throws -> Int64 {
            try LocalTime.parse(text, .future, option: option).milliseconds / 1000
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a coupon back that was not used and is no part of a quote that holds.")
        @Argument(help: "Its id, from coupon list.") var coupon: String
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let order = MoneyOrder.revokeCoupon(coupon, reason: try reason.text())
            try options.order(.money(order), done: "coupon \(coupon) taken back")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Coupons that can still be used; used ones are records of kind couponConsumed.")
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.ledger(.coupons), as: CouponListResult.self) {
                CouponText.text($0, zone: LocalTime.zone)
            }
        }
    }
}
