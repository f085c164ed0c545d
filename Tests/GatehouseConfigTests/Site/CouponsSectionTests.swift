// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

@Suite struct CouponsSectionTests {
    private func read(_ charging: String) throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return TestSites.read(TestSites.site() + "charging: {tariffs: [{file: \(file)}], \(charging)}\n")
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
