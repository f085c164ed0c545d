// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseConfig
import GatehouseCore
import Testing

/// `scanner` and `payment_code` of a lane, `charging.dynamic_code`, and what would never take money.
@Suite struct PaymentKeysTests {
    private static let scanner = "scan: {profile: test-scanner, at: /dev/s}"
    private static let channel = "channel: {key: k, http: '127.0.0.1:8091'}"

    /// `charging` nil: nobody pays here.
    private func read(
        north: [String: String?] = [:], south: [String: String?] = [:], devices: [String] = [scanner],
        charging: String? = channel
    ) throws -> LoadResult {
        let file = FileManager.default.temporaryDirectory.path + "/tariff-\(UUID().uuidString).yaml"
        let tariff =
            "id: site-a\nversion: 1\ncurrency: CNY\ntz: Asia/Shanghai\nrate: {kind: visit, per: stay, price: 500}\n"
        try Data(tariff.utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let more = devices.map { "  \($0)\n" }.joined()
        let site = TestSites.site(north: north, south: south).replacing("  cam2:", with: more + "  cam2:")
        let section = charging.map { "charging: {tariffs: [{file: \(file)}], \($0)}\n" } ?? ""
        return TestSites.read(site + section)
    }

    @Test func `an exit names its scanner and its code`() throws {
        let result = try read(
            south: ["scanner": "scan", "payment_code": "https://pay.example/l/south"],
            charging: "\(Self.channel), collect: {ways: [scanned_code]}")
        let plan = try #require(result.plan, "\(result.errors)")
        #expect(plan.scanners == [ScannerWire(device: DeviceID(3), lane: LaneID(1))])
        #expect(plan.paymentCodes[LaneID(1)] == "https://pay.example/l/south")
        #expect(plan.paymentCodes[LaneID(0)] == nil)
        #expect(plan.pricing?.dynamicCode == nil)
        #expect(result.issues.map(\.text) == [])
    }

    @Test(arguments: [
        ("scanner", "scan", "takes no money"), ("payment_code", "https://pay.example", "takes no money"),
    ]) func `an entry takes no money`(_ key: String, _ value: String, _ words: String) throws {
        let devices = key == "scanner" ? [Self.scanner] : []
        #expect(try read(north: [key: value], devices: devices).isRefused(at: "lanes.north.\(key)", words))
    }

    @Test func `what is no scanner is refused, with what there is`() throws {
        #expect(
            try read(south: ["scanner": "relays"]).isRefused(at: "lanes.south.scanner", "is not a scanner"))
        #expect(
            try read(south: ["scanner": "scam"]).isRefused(at: "lanes.south.scanner", "did you mean scan?"))
        let none = try read(south: ["scanner": "board"], devices: [])
        #expect(none.isRefused(at: "lanes.south.scanner", "a device of its own"))
        #expect(try read(south: ["scanner": "[scan]"]).isRefused(at: "lanes.south.scanner", "a list"))
    }

    @Test func `one scanner, one lane, one line`() throws {
        let both = try read(
            north: ["kind": "exit", "scanner": "scan"], south: ["scanner": "scan"])
        #expect(
            both.errors.contains { $0.contains("it reads codes at lane north already") }, "\(both.errors)")
        let shared = try read(
            south: ["scanner": "scan"],
            devices: [Self.scanner, "card: {profile: card, at: /dev/s}"])
        #expect(
            shared.errors.contains { $0.contains("a scanner speaks unasked and needs a line of its own") })
    }

    @Test(arguments: [
        "'https://pay.example/l/south gate'", "'https://pay.example/l/南门'", "''",
        "'\(String(repeating: "x", count: 256))'",
    ]) func `a code that no card takes is refused`(_ code: String) throws {
        let result = try read(south: ["payment_code": code], devices: [])
        #expect(result.plan == nil)
        #expect(result.issues.contains { $0.path == "lanes.south.payment_code" && $0.line > 0 })
    }

    @Test(arguments: [
        ("'https://pay.example/{plate}?{quote}'", "{plate} is filled by nobody"),
        ("'https://pay.example/{quote'", "a brace without its other one"),
        ("'https://pay.example/l/south'", "the same for everybody"),
        ("'https://pay.example/支付?{quote}'", "printable ASCII"),
        ("'{quote}\(String(repeating: "x", count: 249))'", "256 characters, at most 255"),
    ]) func `a template that would lead nobody anywhere is refused`(_ code: String, _ words: String) throws {
        let result = try read(devices: [], charging: "\(Self.channel), dynamic_code: \(code)")
        #expect(result.isRefused(at: "charging.dynamic_code", words), "\(result.errors)")
    }

    @Test func `a template reaches the plan, and is warned of where no board draws it`() throws {
        let code = "dynamic_code: 'https://pay.example/p?order={quote}&fen={due}'"
        let blind = try read(devices: [], charging: "\(Self.channel), \(code)")
        #expect(blind.plan?.pricing?.dynamicCode?.text == "https://pay.example/p?order={quote}&fen={due}")
        #expect(blind.warnings.contains { $0.contains("no exit has a display that draws codes") })
        let drawn = try read(
            south: ["display": "card"], devices: ["card: {profile: card, at: /dev/c, qr: 49}"],
            charging: "\(Self.channel), \(code)")
        #expect(drawn.issues.map(\.text) == [])
    }

    @Test func `money of which nobody would hear is warned of`() throws {
        let keys = ["scanner": "scan", "payment_code": "https://pay.example/l/south"]
        let free = try read(south: keys.mapValues { $0 }, charging: nil)
        #expect(free.warns(at: "lanes.south.scanner", "nobody pays here"))
        #expect(free.warns(at: "lanes.south.payment_code", "nobody pays here"))
        let untold = try read(
            south: ["payment_code": "https://pay.example/l/south"], devices: [],
            charging: "dynamic_code: 'https://pay.example/{quote}'")
        #expect(untold.warns(at: "lanes.south.payment_code", "nobody tells this gateway"))
        #expect(
            untold.warnings.contains { $0.contains("charging.dynamic_code") && $0.contains("nobody tells") })
    }

    @Test(arguments: [("32", 53), ("49", 192)])
    func `a code that does not fit on the card is warned of`(_ dots: String, _ room: Int) throws {
        let card = ["card: {profile: card, at: /dev/c, qr: \(dots)}"]
        let fits = String(repeating: "x", count: room)
        let good = try read(south: ["display": "card", "payment_code": fits], devices: card)
        #expect(good.issues.map(\.text) == [])
        let long = try read(south: ["display": "card", "payment_code": fits + "x"], devices: card)
        #expect(
            long.warns(at: "lanes.south.payment_code", "\(dots) dots hold \(room); text is shown instead"))
        // Eight digits for a record's number.
        let template = String(repeating: "x", count: room - 7) + "{quote}"
        let filled = try read(
            south: ["display": "card"], devices: card,
            charging: "\(Self.channel), dynamic_code: '\(template)'")
        #expect(filled.warns(at: "lanes.south.display", "charging.dynamic_code: a code of \(room + 1)"))
    }
}
