// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseConfig
import GatehouseCore
import Testing

struct ZoneRulesTests {
    private static let root = "/usr/share/zoneinfo"
    /// 1990-01-01 to 2061-01-01.
    private static let span = Int64(631_152_000)...2_871_763_200

    /// Every zone of the machine: the offset at the beginning, then each change and the offset after it. An independent
    /// implementation (PEP 615) is asked day by day, then halfway again and again to the very second. Zones of the same
    /// bytes are asked once.
    private static let oracle = """
        import datetime, hashlib, os, sys, zoneinfo
        root, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        utc = datetime.timezone.utc
        def changes(zone):
            def offset(t):
                return int(datetime.datetime.fromtimestamp(t, zone).utcoffset().total_seconds())
            here = offset(first)
            words = [here]
            for t in range(first + 86400, last + 1, 86400):
                there = offset(t)
                if there == here:
                    continue
                low, high = t - 86400, t
                while high - low > 1:
                    middle = (low + high) // 2
                    if offset(middle) == here:
                        low = middle
                    else:
                        high = middle
                words += [high, there]
                here = there
            return " ".join(map(str, words))
        known = {}
        for name in sorted(zoneinfo.available_timezones()):
            path = os.path.join(root, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                content = hashlib.sha256(file.read()).digest()
            if content not in known:
                with open(path, "rb") as file:
                    known[content] = changes(zoneinfo.ZoneInfo.from_file(file, key=name))
            print(name, known[content])
        """

    @Test func `every change of every zone from 1990 to 2060 equals that of an independent implementation`()
        throws
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", Self.oracle, Self.root, "\(Self.span.lowerBound)", "\(Self.span.upperBound)",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let lines = output.split(separator: "\n")
        // The whole of tzdata, with the zones that have their own history since 1990 among them.
        #expect(lines.count >= 400, "is tzdata installed?")
        var changes = 0
        for line in lines {
            let words = line.split(separator: " ")
            let theirs = words.dropFirst().compactMap { Int64($0) }
            let rules = try ZoneRulesLoader.load(name: String(words[0]))
            let ours = Self.changes(of: rules)
            #expect(ours == theirs, "\(words[0])")
            changes += theirs.count / 2
        }
        #expect(changes > 10_000)
    }

    private static func changes(of rules: ZoneRules) -> [Int64] {
        let first = WallTime(milliseconds: span.lowerBound * 1000)
        let later = rules.transitions.filter { $0.at > span.lowerBound && $0.at <= span.upperBound }
        return [Int64(rules.offset(at: first))] + later.flatMap { [$0.at, Int64($0.offset)] }
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
