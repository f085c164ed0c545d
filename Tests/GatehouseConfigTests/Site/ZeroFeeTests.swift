// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

/// `zero_fee` of `charging` and of a lane, and `shared_caps`.
@Suite struct ZeroFeeTests {
    /// `charging` nil: nobody pays here.
    private func read(
        north: [String: String?] = [:], south: [String: String?] = [:], charging: String? = ""
    ) throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let section = charging.map { "charging: {tariffs: [{file: \(file)}]\($0)}\n" } ?? ""
        return TestSites.read(TestSites.site(north: north, south: south) + section)
    }

    @Test func `a site opens at once and shares no cap unless it says otherwise`() throws {
        let bare = try #require(try read().plan)
        #expect(bare.pricing?.zeroFee == .auto && bare.pricing?.sharesCaps == false)
        let plan = try #require(try read(charging: ", zero_fee: confirm, shared_caps: true").plan)
        #expect(plan.pricing?.zeroFee == .confirm && plan.pricing?.sharesCaps == true)
        #expect(plan.lanes.map(\.zeroFee) == [nil, nil])
    }

    @Test func `an exit may have a rule of its own`() throws {
        let plan = try #require(try read(south: ["zero_fee": "confirm"]).plan)
        #expect(plan.lanes.map(\.zeroFee) == [nil, .confirm])
    }

    @Test func `each mistake is named where it stands`() throws {
        let cases: [(LoadResult, String, String)] = [
            (try read(charging: ", zero_fee: maybe"), "charging.zero_fee", "confirm"),
            (try read(charging: ", shared_caps: sometimes"), "charging.shared_caps", "true"),
            (try read(south: ["zero_fee": "maybe"]), "lanes.south.zero_fee", "confirm"),
            (try read(north: ["zero_fee": "confirm"]), "lanes.north.zero_fee", "nobody pays at an entry"),
            (
                try read(south: ["zero_fee": "confirm"], charging: nil), "lanes.south.zero_fee",
                "nobody pays at this site"
            ),
        ]
        for (result, path, words) in cases {
            #expect(result.plan == nil, "\(path)")
            #expect(
                result.issues.contains { $0.path == path && "\($0.text)".contains(words) },
                "\(path): \(result.issues.map(\.text))")
            #expect(result.issues.allSatisfy { $0.line > 0 })
        }
    }
}
