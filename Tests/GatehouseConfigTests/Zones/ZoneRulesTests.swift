// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import Testing

struct ZoneRulesTests {
    static let zones = [
        "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Tokyo",
        "Asia/Kolkata",
        "Asia/Kathmandu", "Asia/Tehran", "Asia/Singapore", "Europe/London", "Europe/Dublin", "Europe/Berlin",
        "Europe/Moscow", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe",
        "Australia/Sydney", "Pacific/Auckland", "Pacific/Apia", "Africa/Cairo", "Africa/Casablanca", "UTC",
    ]

    /// Every nine days and some hours from 1990 to 2060, so that all times of year and day are met.
    private static let instants = Array(
        stride(from: Int64(631_152_000), to: 2_840_140_800, by: 9 * 86_400 + 17_113))

    @Test func `offsets of many zones from 1990 to 2060 equal those of an independent implementation`() throws
    {
        let present = Self.zones.filter {
            FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/\($0)")
        }
        let program = """
            import sys, zoneinfo, datetime
            step = 9*86400+17113
            for name in sys.argv[1:]:
                zone = zoneinfo.ZoneInfo(name)
                out = []
                for t in range(631152000, 2840140800, step):
                    at = datetime.datetime.fromtimestamp(t, zone)
                    out.append(str(int(at.utcoffset().total_seconds())))
                print(name, ' '.join(out))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program] + present
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let lines = output.split(separator: "\n")
        #expect(lines.count == present.count && present.count >= 12)
        for line in lines {
            let words = line.split(separator: " ")
            let rules = try ZoneRulesLoader.load(name: String(words[0]))
            let ours = Self.instants.map { String(rules.offset(at: WallTime(milliseconds: $0 * 1000))) }
            #expect(ours == words.dropFirst().map(String.init), "\(words[0])")
        }
    }

    @Test func `a zone's rule is carried on to the end of 2100`() throws {
        let rules = try ZoneRulesLoader.load(name: "Europe/Berlin")
        let july = try #require(CivilDate(year: 2100, month: 7, day: 1))
        let december = try #require(CivilDate(year: 2100, month: 12, day: 1))
        #expect(rules.offset(at: WallTime(milliseconds: Int64(july.daysSince1970) * 86_400_000)) == 7200)
        #expect(rules.offset(at: WallTime(milliseconds: Int64(december.daysSince1970) * 86_400_000)) == 3600)
        #expect(zip(rules.transitions, rules.transitions.dropFirst()).allSatisfy { $0.at < $1.at })
    }

    @Test(arguments: [
        "", "/etc/passwd", "../shadow", "Asia/../x", "Asia//Shanghai", "Asia/", "a/b/c/d", "Asia/Sh anghai",
        "1x",
    ])
    func `a name that could lead out of the folder is refused`(name: String) {
        #expect(throws: ZoneRulesLoader.Fault.badName) { try ZoneRulesLoader.load(name: name) }
    }

    @Test func `a folder, an unknown name and other files give a fault`() {
        #expect(throws: ZoneRulesLoader.Fault.unknown) { try ZoneRulesLoader.load(name: "Asia") }
        #expect(throws: ZoneRulesLoader.Fault.unknown) { try ZoneRulesLoader.load(name: "Asia/Nowhere") }
        #expect((try? ZoneRulesLoader.load(name: "UTC", root: "/nonexistent")) == .utc)
    }

    @Test func `every truncation and every changed byte gives rules or a fault and never a trap`() throws {
        let data = try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Asia/Shanghai"))
        let bytes = [UInt8](data)
        for length in 0..<bytes.count {
            #expect(throws: TZif.Fault.self) { try TZif.decode(Array(bytes[..<length]), name: "x") }
        }
        for position in bytes.indices {
            for value in [UInt8(0), 0x7F, 0xFF] {
                var changed = bytes
                changed[position] = value
                if let rules = try? TZif.decode(changed, name: "x") {
                    #expect(
                        zip(rules.transitions, rules.transitions.dropFirst()).allSatisfy { $0.at < $1.at })
                }
            }
        }
    }

    @Test func `summer time all year and rules beyond a day are understood`() throws {
        // Constructed: version 2, no transitions, one type of −5 h, footer by RFC 9636 §3.3.1.
        func file(_ footer: String) -> [UInt8] {
            func header(_ types: UInt8) -> [UInt8] {
                Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15 + 16) + [0, 0, 0, types, 0, 0, 0, 4]
            }
            let block: [UInt8] = [0xFF, 0xFF, 0xB9, 0xB0, 0, 0] + Array("EST\0".utf8)
            return header(1) + block + header(1) + block + Array("\n\(footer)\n".utf8)
        }
        let always = try TZif.decode(file("EST5EDT,0/0,J365/25"), name: "x")
        #expect(always.offset(at: WallTime(milliseconds: 1_800_000_000_000)) == -4 * 3600)
        let standard = try TZif.decode(file("<-05>5"), name: "x")
        #expect(standard.transitions == [] && standard.initialOffset == -5 * 3600)
        // Last Thursday of March 50 h later is the Saturday, 2 o'clock: 2026-03-28T02:00-05:00.
        let late = try TZif.decode(file("AAA5BBB,M3.4.4/50,M10.4.4/50"), name: "x")
        let saturday = try #require(CivilDate(year: 2026, month: 3, day: 28))
        let change = Int64(saturday.daysSince1970) * 86_400 + 7 * 3600
        #expect(late.offset(at: WallTime(milliseconds: (change - 1) * 1000)) == -5 * 3600)
        #expect(late.offset(at: WallTime(milliseconds: change * 1000)) == -4 * 3600)
        for footer in [
            "E5", "EST", "EST5EDT", "EST5EDT,M13.1.0,M11.1.0", "EST25", "EST5EDT,M3.2.0/168,M11.1.0",
            "x\u{0}",
        ] {
            #expect(throws: TZif.Fault.self) { try TZif.decode(file(footer), name: "x") }
        }
    }
}
