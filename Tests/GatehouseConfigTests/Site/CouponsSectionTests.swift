// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct CouponsSectionTests {
    /// Words in capitals stand for tariff files.
    private func read(_ charging: String) throws -> LoadResult {
        let folder = FileManager.default.temporaryDirectory.path + "/tariffs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var charging = charging
        for (word, id, currency) in [
            ("SITE-A", "site-a", "CNY"), ("HOTEL", "hotel", "CNY"), ("DOLLARS", "dollars", "USD"),
        ] {
            let tariff =
                "id: \(id)\nversion: 1\ncurrency: \(currency)\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
            try Data(tariff.utf8).write(to: URL(filePath: "\(folder)/\(id).yaml"))
            charging = charging.replacing(word, with: "\(folder)/\(id).yaml")
        }
        return TestSites.read(
            TestSites.site() + "charging: {tariffs: [{file: \(folder)/site-a.yaml}], \(charging)}\n")
    }

    @Test func `tariffs that coupons may select are read with the site's own`() throws {
        let text = "coupons: {tariffs: [{file: HOTEL}]}"
        let plan = try #require(try read(text).plan?.pricing)
        #expect(plan.coupons.tariffs.map(\.name) == ["hotel 1"] && plan.editions.map(\.name) == ["site-a 1"])
        #expect(plan.coupons.tariffs[0].text.hasPrefix("id: hotel"))
    }

    @Test func `merchants have a word and a name`() throws {
        let text = "coupons: {merchants: {tea-house: 茶馆, gym: 健身房}, after_payment: allow, valid_for: 2 h}"
        let plan = try #require(try read(text).plan?.pricing)
        #expect(plan.coupons.merchants.keysInOrder == ["gym", "tea-house"])
        #expect(plan.coupons.merchants["tea-house"] == "茶馆")
        #expect(plan.coupons.afterPayment == .allow && plan.coupons.life == .seconds(7200))
        #expect(plan.storedValue == nil)
        let bare = try #require(try read("coupons: {}").plan?.pricing)
        #expect(bare.coupons == CouponPlan())
    }

    @Test func `balances are taken where the site says so`() throws {
        #expect(try read("stored_value: {}").plan?.pricing?.storedValue?.short == .treatAsTemporary)
        #expect(
            try read("stored_value: {short: drain_then_rest}").plan?.pricing?.storedValue?.short
                == .drainThenRest)
    }

    @Test(arguments: [
        ("coupons: {merchants: {Tea House: x}}", "coupons.merchants.Tea House", "lower-case letters"),
        ("coupons: {merchants: [tea]}", "coupons.merchants", "key: value"),
        ("coupons: {merchants: {tea: ''}}", "coupons.merchants.tea", "1 to 1024"),
        ("coupons: {after_payment: never}", "coupons.after_payment", "allow"),
        ("coupons: {valid_for: 5}", "coupons.valid_for", "unit"),
        ("coupons: {valid_for: 10 s}", "coupons.valid_for", "use"),
        ("coupons: {merchant: {tea: x}}", "coupons.merchant", "unknown key"),
        ("coupons: {tariffs: [hotel.yaml]}", "coupons.tariffs[0]", "key: value"),
        ("coupons: {tariffs: [{file: nowhere.yaml}]}", "coupons.tariffs[0].file", "is missing"),
        ("coupons: {tariffs: [{file: SITE-A}]}", "coupons.tariffs[0]", "stands here twice"),
        ("coupons: {tariffs: [{file: HOTEL}, {file: HOTEL}]}", "coupons.tariffs[1]", "from when"),
        ("coupons: {tariffs: [{file: DOLLARS}]}", "coupons.tariffs[0]", "in USD, the site's tariff in CNY"),
        ("stored_value: {short: keep}", "stored_value.short", "drain_then_rest"),
        ("stored_value: {shrt: refuse}", "stored_value.shrt", "unknown key"),
        ("stored_value: refuse", "stored_value", "key: value"),
    ])
    func `each mistake is named where it stands`(_ text: String, _ path: String, _ words: String) throws {
        let result = try read(text)
        #expect(result.plan == nil)
        #expect(
            result.issues.contains { $0.path == "charging.\(path)" && "\($0.text)".contains(words) },
            "\(result.issues)")
    }
}
