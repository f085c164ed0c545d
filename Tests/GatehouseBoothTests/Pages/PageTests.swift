// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import Testing

@testable import GatehouseBooth
@testable import GatehouseDiagnostics

@Suite struct HTMLTests {
    @Test func `what comes from elsewhere is text`() {
        let plate = "<script>alert('1')</script>&\""
        let html: HTML = "<b title=\"\(plate)\">\(plate)</b>"
        let text = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"
        #expect(html.text == "<b title=\"\(text)\">\(text)</b>")
        let inner: HTML = "<i>\("x<y")</i>"
        #expect(
            ("<p>\(inner)\([inner, inner])\(nil as HTML?)\(7)</p>" as HTML).text
                == "<p><i>x&lt;y</i><i>x&lt;y</i><i>x&lt;y</i>7</p>")
    }

    @Test func `marks that turn or hide text are shown as marks`() {
        #expect(("\("a\u{202E}b\u{0}c\u{200B}d")" as HTML).text == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d")
    }
}

@Suite struct WordsTests {
    @Test func `whatever the protocol says has Chinese`() {
        func isChinese(_ text: String) -> Bool {
            text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        }
        for code in ReasonCode.allCases { #expect(isChinese(Words.reason(code.rawValue).zh), "\(code)") }
        for reason in OperatorReason.allCases {
            #expect(isChinese(Words.operatorReason(reason).zh), "\(reason)")
        }
        for phase in LanePhase.allPhases { #expect(isChinese(Words.phase(phase.name).zh), "\(phase.name)") }
        for phase in Door.Phase.allCases { #expect(isChinese(Words.phase(phase.rawValue).zh), "\(phase)") }
        for order in OfferedOrder.allCases { #expect(isChinese(Words.order(order).zh)) }
        for code in LaneFaultCode.allCases { #expect(isChinese(Words.fault(code.rawValue).zh)) }
        for state in Stay.State.allCases { #expect(isChinese(Words.stayState(state).zh)) }
    }

    @Test func `an unknown word stands as it came`() { #expect(Words.phase("quantum").zh == "quantum") }
}

@Suite struct BoardPageTests {
    private func status() throws -> StatusResult {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "GatehouseDiagnosticsTests/Transcripts/status.jsonl")
        let lines = try Data(contentsOf: file).split(separator: 0x0A).map { Array($0) }
        guard case .result(let json) = try DiagnosticProtocol.reply(lines[2]).reply else {
            throw FieldError.missing(key: "result")
        }
        return try StatusResult(json: json)
    }

    private func html(_ authority: Authority, _ change: (inout Board) -> Void = { _ in }) throws -> String {
        var board = Board(status: try status(), authority: authority)
        change(&board)
        let sessions = Sessions()
        let session = try #require(sessions.find(sessions.begin("李<伟>", at: at(0)), at: at(0)))
        let page = BoardPage(session: session, zone: .utc) { "MARK" }
        let snapshot = Snapshot(
            board: board, version: 3, heardAt: at(1), asOf: WallTime(milliseconds: 1_772_407_860_000))
        return page.whole(snapshot, isLive: true, said: nil).text
    }

    private static let line =
        #"{"code":"CHARGE","band":"ALL","from":"2026-03-01T21:20Z","to":"2026-03-01T23:20Z","units":4,"#
        + #""price":200,"amount":800}"#
    private static let quote =
        #"{"stay":7,"lane":"south","currency":"CNY","tariff":"estate","version":3,"class":"small","#
        + #""entry_s":1772400000,"exit_s":1772405700,"charge":{"status":"PAY","gross":800,"fee":800,"due":800,"#
        + #""flags":[],"lines":[\#(line)]}}"#

    private func charging(
        _ authority: Authority, holder: String?, _ change: (inout Board) throws -> Void = { _ in }
    ) throws -> String {
        let quote = try Fields(Array(Self.quote.utf8))
        var changed = Board(status: try status(), authority: authority)
        try change(&changed)
        return try html(authority) { board in
            (board.waiting, board.candidates) = (changed.waiting, changed.candidates)
            board.quotes["south"] = quote
            let drawer =
                #"{"cash":1234,"currency":"CNY","classes":["cargo","small"],"#
                + #""merchants":[{"merchant":"tea-house","name":"茶馆"}]"#
                + (holder.map { #","holder":"\#($0)""# } ?? "") + "}"
            board.status.drawer = try? StatusResult.Drawer(from: Fields(Array(drawer.utf8)))
            for index in board.status.lanes.indices where board.status.lanes[index].name == "south" {
                board.status.lanes[index].waiting?.stay = 7
                board.status.lanes[index].waiting?.quote = 70
                board.status.lanes[index].waiting?.due = 800
            }
        }
    }

    @Test func `a charge is shown line by line, and cash is taken by whoever has the drawer`() throws {
        let text = try charging(.guard, holder: "li")
        #expect(text.contains("4个计时单位 × 2.00元") && text.contains("应付 8.00元"))
        #expect(text.contains("name=\"quote\" value=\"70\"") && text.contains("value=\"8.00\""))
        #expect(text.contains("value=\"cash\"") && text.contains("value=\"release\""))
        #expect(text.contains("12.34元") && text.contains("value=\"close_shift\""))
        let closed = try charging(.guard, holder: nil)
        #expect(!closed.contains("value=\"cash\"") && closed.contains("value=\"open_shift\""))
        #expect(closed.contains("value=\"release\""))
        for order in ["classify", "coupon", "dispute"] { #expect(text.contains("value=\"\(order)\"")) }
        #expect(text.contains("<option value=\"tea-house\">茶馆</option>"))
        #expect(text.contains("<option value=\"cargo\">"))
        #expect(text.contains("<option value=\"small\" selected>"))
        #expect(!text.contains("value=\"motorcycle\""))
        let looking = try charging(.observe, holder: "li")
        #expect(looking.contains("应付 8.00元") && !looking.contains("action=\"/money\""))
    }

    private func sight(_ read: Int64, _ plate: String) throws -> Sight {
        let picture = ImageReference(role: "overview", bytes: 4, sha256: String(repeating: "cd", count: 32))
        return try Sight(
            from: Fields(
                FieldWriter.object {
                    $0.put("read", read)
                    $0.put("lane", "n")
                    $0.put("at_ms", 0)
                    $0.put("plate", plate)
                    $0.put("images", objects: [picture]) { $0.write(to: &$1) }
                }))
    }

    @Test func `a charge with a doubtful entry stands beside the pictures of it`() throws {
        let agreed = try charging(.guard, holder: "li") { board in
            board.waiting["south"] = SightsResult(
                record: 1, stay: 7, entry: try sight(1, "沪A2K605"), exit: try sight(2, "沪A2K605"))
        }
        #expect(!agreed.contains("请核对图片"))
        let misread = try charging(.guard, holder: "li") { board in
            board.waiting["south"] = SightsResult(
                record: 1, stay: 7, entry: try sight(1, "沪A2K6O5"), exit: try sight(2, "沪A2K605"))
            board.candidates["south"] = [
                Board.Candidate(
                    stay: 9, plate: "沪A2K606", since: WallTime(milliseconds: 0),
                    entry: try sight(3, "沪A2K606"))
            ]
        }
        #expect(misread.contains("入场识别 沪A2K6O5，出场识别 沪A2K605：请核对图片"))
        #expect(misread.contains("可能是") && misread.contains("沪A2K606"))
        #expect(misread.matches(of: /<img src="\/picture\/cdcd/).count == 3)
    }

    @Test func `who waits without an entry stands beside those that it may be, and since when`() throws {
        let since = WallTime(milliseconds: 1_772_400_000_000)
        let text = try html(.guard) { board in
            board.candidates["south"] = [
                Board.Candidate(stay: 12, plate: "沪B99989", since: since, entry: try? sight(10, "沪B99989")),
                Board.Candidate(stay: 13, plate: "<i>沪B99998"), Board.Candidate(stay: 14),
            ]
        }
        let south = try #require(text.range(of: "data-lane=\"south\""))
        let candidates = try #require(text.range(of: "<section class=\"candidates\">"))
        #expect(south.lowerBound < candidates.lowerBound)
        #expect(text.contains("<b>沪B99989</b> <time>\(Page.stamp(since, .utc))</time>"))
        #expect(text.matches(of: /<img src="\/picture\/cdcd/).count == 1)
        #expect(text.contains("data-stay=\"13\"") && !text.contains("<i>沪B99998"))
        #expect(text.contains("data-stay=\"14\""))
        #expect(try !html(.guard).contains("class=\"candidates\""))
    }

    @Test func `whose entry it may be is said once, nearest first, and of four at most`() throws {
        let named = #"{"stay":9,"plate":"沪A2K606","distance":4},{"stay":8,"plate":"沪A2K60S","distance":10}"#
        let waiting = try StatusResult.Waiting(
            from: Fields(Array(#"{"verdict":"pending","stay":7,"candidates":[\#(named)]}"#.utf8)))
        let entries = [7, 8, 6, 5, 4].map { #"{"stay":\#($0)}"# }.joined(separator: ",")
        let quote = try Fields(Array(#"{"stay":7,"entries":[\#(entries)]}"#.utf8))
        #expect(BoardKeeper.candidates(waiting, quote).map(\.stay) == [9, 8, 6, 5])
        #expect(BoardKeeper.candidates(waiting, nil).map(\.plate) == ["沪A2K606", "沪A2K60S"])
    }

    @Test func `whoever hands the drawer over is told the difference`() throws {
        let count = try Fields(Array(#"{"expected":1234,"counted":1200,"difference":-34}"#.utf8))
        let words = try #require(ShiftWords.text(count))
        #expect(words.zh == "应有 12.34，实点 12.00，差额 -0.34")
        #expect(words.en == "expected 12.34, counted 12.00, difference -0.34")
        #expect(ShiftWords.text(Fields(members: [])) == nil)
    }

    @Test func `a guard sees who waits, why, and the buttons that would be taken`() throws {
        let text = try html(.guard)
        #expect(text.contains("沪B99999") && text.contains("无入场记录") && text.contains("NO_ENTRY_RECORD"))
        #expect(text.contains("data-lane=\"south\"") && text.contains("value=\"confirm\""))
        #expect(text.contains("value=\"refuse\"") && text.contains("value=\"emergency\""))
        // The arm cannot be lowered there, and the other lane offers nothing.
        #expect(!text.contains("value=\"close\""))
        #expect(!text.contains("name=\"lane\" value=\"north\""))
        #expect(text.contains("李&lt;伟&gt;") && !text.contains("李<伟>"))
        #expect(text.contains("id=\"silence\" class=\"silence\" role=\"alert\" hidden"))
    }

    @Test func `who may only look gets no buttons`() throws {
        let text = try html(.observe)
        #expect(!text.contains("action=\"/lane\"") && text.contains("gatehouse-guard"))
    }

    @Test func `names, plates and faults of devices are text`() throws {
        let evil = "<img src=x onerror=alert(1)>"
        let text = try html(.guard) { board in
            board.status.lanes[1].name = evil
            board.status.lanes[1].plate = evil
            board.status.lanes[1].phase = evil
            board.status.lanes[1].waiting?.reason = evil
            board.status.lanes[1].levels[0].role = evil
            board.status.faults[0].detail = evil
            board.status.faults[0].subject = "device \(evil)"
            board.status.areas[0].name = evil
            board.status.process.site = evil
            board.status.storeTrouble = evil
        }
        #expect(!text.contains("<img src=x"))
    }

    @Test func `no script, style or foreign address stands in a page`() throws {
        let text = try html(.guard)
        for word in ["onclick", "onerror", "style=", "<style", "javascript:", "http://", "https://", "//cdn"]
        {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.matches(of: /<script/).count == 1)
        for asset in [Assets.style, Assets.script] {
            for word in ["http:", "https:", "@import", "url(", "eval("] {
                #expect(!asset.contains(word), "\(word)")
            }
        }
    }

    @Test func `a page whose gateway is silent says so, and its board is not live`() throws {
        let sessions = Sessions()
        let session = try #require(sessions.find(sessions.begin("li", at: at(0)), at: at(0)))
        let page = BoardPage(session: session, zone: .utc) { "MARK" }
        let text = page.whole(Snapshot(), isLive: false, said: nil).text
        #expect(text.contains("class=\"silence\" role=\"alert\">") && text.contains("class=\"stale\""))
        var snapshot = Snapshot()
        #expect(!snapshot.isLive(at: at(1)))
        snapshot.heardAt = at(10)
        #expect(snapshot.isLive(at: at(12)) && !snapshot.isLive(at: at(13)))
    }
}

@Suite struct StaysPageTests {
    @Test func `an exit stands beside the entry that it may belong to`() throws {
        let picture = ImageReference(role: "overview", bytes: 4, sha256: String(repeating: "ab", count: 32))
        func sight(_ read: Int64) throws -> Sight {
            try Sight(
                from: Fields(
                    FieldWriter.object {
                        $0.put("read", read)
                        $0.put("lane", "n")
                        $0.put("at_ms", 0)
                        $0.put("images", objects: [picture]) { $0.write(to: &$1) }
                    }))
        }
        let exit = UnmatchedExitLine(
            record: 40,
            exit: UnmatchedExit(
                area: "main", plate: Plate("沪A12345"),
                exit: Stay.Exit(
                    lane: "south", recognisedAt: WallTime(milliseconds: 0),
                    passedAt: WallTime(milliseconds: 0))),
            candidates: [.init(stay: 12, plate: "沪A12346", distance: 4)])
        let sessions = Sessions()
        let session = try #require(sessions.find(sessions.begin("li", at: at(0)), at: at(0)))
        let sights = [
            Int64(40): SightsResult(record: 40, exit: try sight(39)),
            12: SightsResult(record: 12, stay: 12, entry: try sight(10)),
        ]
        for mayRepair in [true, false] {
            let page = StaysPage(session: session, zone: .utc, press: { "MARK" }, mayRepair: mayRepair)
            let text = page.whole(
                StayListResult(stays: [], unmatchedExits: [exit]), areas: [], search: "", site: "demo",
                said: nil,
                sights: sights
            ).text
            #expect(text.matches(of: /<img src="\/picture\/abab/).count == 2)
            #expect(text.contains("name=\"with\" value=\"40\"") == mayRepair)
            #expect(text.contains("name=\"stay\" value=\"12\"") == mayRepair)
        }
    }
}
