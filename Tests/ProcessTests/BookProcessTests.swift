// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTransport
import GatehouseTwins
import Glibc
import Testing

/// Permits, lists and stays through the real command and the real daemon.
extension GatewayProcessTests {
    @Test func `the books survive kill -9, and a car without a plate is matched by its code afterwards`()
        throws
    {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            try succeed(site, "list", "add", "block", "沪D99999", "--reason", "damage")
            try succeed(site, "permit", "add", "沪C30Y76", "--household", "3-2-501", "--to", "2099-12-31")
            let why = ["--reason", "OTHER", "--note", "change-over"]
            try succeed(site, ["stay", "import", "main", "沪A12345", "苏E77K08"] + why)
            try stranger(site.north)
            try stranger(site.south)
            // On disk, so that the killing cannot take it along.
            try waiting(for: "the stay and the exit on record", within: .seconds(8)) { () -> Bool? in
                let kinds = try site.records().map(\.kind)
                return kinds.contains("stayOpened") && kinds.contains("unmatchedExit") ? true : nil
            }
            let stays = try ask(site, "stay", "list", "--all")
            let code = try #require(try stays.objects("stays").last?.string("plate"))
            #expect(code.hasPrefix("TMP-") && code.count == 10)
            let exit = try #require(try stays.objects("unmatched_exits").first?.integer("record"))

            let before = try books(site)
            try site.killDaemon()
            try site.startDaemon()
            #expect(try books(site) == before)

            let shown = try ask(site, "stay", "show", code)
            let kinds = try shown.objects("records").map { try $0.string("kind") }
            #expect(kinds.contains("passageCompleted") && kinds.last == "stayOpened")
            let number = try shown.object("stay").integer("id")
            try succeed(site, "stay", "match", code, "\(exit)", "--reason", "READ_ERROR")
            let finished = try ask(site, "stay", "show", "\(number)")
            let stay = try finished.object("stay")
            #expect(stay.text("state") == "closed" && stay.text("plate") == code)
            #expect(try stay.object("exit").text("lane") == "south")
            #expect(try finished.objects("records").map { try $0.string("kind") } == kinds + ["stayMatched"])
            let after = try ask(site, "stay", "list", "--all")
            #expect(try after.objects("stays").map { try $0.string("plate") } == ["沪A12345", "苏E77K08"])
            #expect(try after.objects("unmatched_exits").isEmpty)
            #expect(try ask(site, "status").objects("areas").map { try $0.int("inside") } == [2])
        }
    }

    @Test func `a ledger whose key was never changed says not even an empty line about rotations`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            let rotations = try waiting(for: "the ledger's key", within: .seconds(20)) {
                let said = try site.gatehouse("ledger", "key", "--rotations")
                return said.isSuccess ? said : nil
            }
            #expect(rotations.output == "")
            #expect(try site.gatehouse("ledger", "key").output.contains("+"))
        }
    }

    @Test func `a corrected stay tells its whole story and leaves the wrong household`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            try waiting(for: "the permit in force", within: .seconds(2)) {
                try ask(site, "status").int("permits_and_entries") == 1 ? true : nil
            }
            let why = ["--reason", "READ_ERROR"]
            try succeed(site, ["stay", "import", "main", "沪A12345"] + why)
            let imported = try ask(site, "stay", "list").objects("stays")
            #expect(try imported.map { try $0.string("class") } == ["permit"])
            try succeed(site, ["stay", "correct", "沪A12345", "苏E77K08"] + why)
            let stay = try ask(site, "stay", "show", "苏E77K08")
            let booked = try stay.object("stay")
            #expect(booked.text("class") == "temporary" && !booked.has("household"))
            let kinds = try stay.objects("records").map { try $0.string("kind") }
            #expect(kinds == ["stayImported", "stayCorrected"])
        }
    }

    @Test func `the same permit or entry twice is refused, another for the same car is told`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            let permit = ["permit", "add", "沪A1234", "--household", "3-2-501"]
            let odd = try site.gatehouse(permit)
            #expect(odd.isSuccess && odd.errors.contains("fits no kind of plate; taken as 沪A1234"))
            let again = try site.gatehouse(permit)
            #expect(
                again.status == 1 && again.errors.contains("says the same and is in force"), "\(again.errors)"
            )
            let other = try site.gatehouse(permit + ["--to", "2099-12-31"])
            #expect(other.isSuccess && other.errors.contains("as well; both hold"), "\(other.errors)")
            let entry = ["list", "add", "watch", "沪D99999", "--reason", "damage"]
            #expect(try site.gatehouse(entry).isSuccess)
            let same = try site.gatehouse(entry)
            #expect(same.status == 1 && same.errors.contains("says the same"), "\(same.errors)")
            let until = try site.gatehouse(entry + ["--from", "2099-12-31", "--until", "2099-12-30"])
            #expect(until.status == 64 && until.errors.contains("is not after the begin"), "\(until.errors)")
            #expect(try site.gatehouse("events", "--kind", "nonsense").status == 64)
            let asked = try raw(site, #""request":"events","kinds":["nonsense"],"limit":1"#)
            #expect(asked.contains("no record is of the kind"), "\(asked)")
        }
    }

    @Test func `what is wrong is refused with what to do instead`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            let permit = try #require(try ask(site, "permit", "show").objects("permits").first)
            let number = try permit.integer("id")
            try succeed(site, "permit", "end", "\(number)", "--reason", "TEST")
            let again = try site.gatehouse("permit", "end", "\(number)", "--reason", "TEST")
            #expect(again.status == 1 && again.errors.contains("has ended already"))
            #expect(
                try site.gatehouse("permit", "add", "沪A12345", "--area", "mian").errors.contains(
                    "no area mian"))
            // Said before anything is done, and nothing is left behind: no household either.
            let order = ["permit", "add", "沪A12345", "--household", "9-9-909", "--from", "2098-01-02"]
            let turned = try site.gatehouse(order + ["--to", "2098-01-01"])
            #expect(turned.status == 64 && turned.errors.contains("2098-01-01 lies before --from"))
            #expect(try site.gatehouse("permit", "add", "沪A1?345").status == 64)
            #expect(try !site.records().contains { $0.text("name") == "9-9-909" })
            let file = TextFile("\(site.folder)/more.csv")
            try file.write("kind,plate,areas\npermit,沪C30Y76,mian\n")
            let imported = try site.gatehouse("directory", "import", file.path)
            #expect(imported.status == 65 && imported.errors.contains("no such area"), "\(imported.errors)")
            #expect(imported.errors.contains("did you mean main?"))
            let changes = try site.records().filter { $0.kind == "permitSet" }
            #expect(changes.map { $0.text("change_reason") } == ["\(site.folder)/directory.csv"])
            #expect(try site.gatehouse("explain", "99999").errors == Transcribed.error("explain.jsonl", 2))
            let close = try site.gatehouse("stay", "close", "1238", "--reason", "TEST")
            #expect(close.errors == (try Transcribed.error("stays.jsonl", 5)) && close.status == 2)

            // Past the command's own checks: whoever speaks the protocol meets the daemon's.
            let bad: [(String, String)] = [
                (
                    #""request":"permit","action":"set","permit":{"id":\#(number),"plate":"沪A12345","direction":"both","holder":""}"#,
                    "never comes back"
                ),
                (
                    #""request":"permit","action":"set","permit":{"id":9999,"plate":"沪A12345","direction":"both","holder":""}"#,
                    "no permit 9999"
                ),
                (
                    #""request":"permit","action":"set","permit":{"id":0,"plate":"沪A12345","household":77,"direction":"both","holder":""}"#,
                    "no household 77"
                ),
                (
                    #""request":"lane","lane":"north","action":"hold","position":"ajar","reason":"TEST""#,
                    "ajar"
                ),
                (
                    #""request":"lane","lane":"north","action":"hold","position":"open","until":1000,"reason":"TEST""#,
                    "lies in the past"
                ),
            ]
            for (request, said) in bad {
                let answer = try raw(site, request)
                #expect(answer.contains("\"error\"") && answer.contains(said), "\(request): \(answer)")
            }
            #expect(try ask(site, "status").int("permits_and_entries") == 1)
        }
    }

    @Test func `every command's JSON begins with the version of its keys`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            site.northCamera.sendHeartbeat()
            try waiting(for: "the camera's push", within: .seconds(5)) {
                try site.gatehouse("capture", "camera-north", "--json").isSuccess ? true : nil
            }
            let test = ["--reason", "TEST"]
            let file = "\(site.folder)/directory.csv"
            let capture =
                URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .path + "/GatehouseDriversTests/Cameras/Hikvision/Captures/plain-xml.http"
            let asked: [[String]] = [
                ["status"], ["faults"], ["events", "--limit", "3"], ["explain", "1"],
                ["capture", "camera-north"], ["verify"], ["reload"],
                ["lane", "open", "north"] + test, ["lane", "hold", "south"] + test,
                ["lane", "release", "south"] + test,
                ["permit", "add", "沪B8D602"], ["permit", "show"],
                ["list", "add", "watch", "沪B8D602", "--reason", "x"],
                ["list", "show"], ["directory", "import", file],
                ["stay", "import", "main", "苏E77K08"] + test, ["stay", "list"], ["stay", "show", "苏E77K08"],
                ["stay", "correct", "苏E77K08", "苏E77K09"] + test, ["stay", "close", "苏E77K09"] + test,
                ["area", "recount", "main", "0"] + test,
                ["drill", "start", "--for", "5"] + test, ["status"], ["drill", "end"] + test,
            ]
            let alone: [[String]] = [
                ["decode", "hikvision-isapi", capture],
                ["check", site.siteFile.path, "--profiles", site.profiles],
                ["directory", "import", file, "--dry-run"],
            ]
            for words in asked { check(words, try site.gatehouse(words + ["--json"])) }
            try site.stopDaemon()
            for words in alone + [["verify", "--offline", site.state]] {
                check(words, try site.offline(words + ["--json"]))
            }
        }
    }

    private func check(_ words: [String], _ answer: ChildProgram.Finished) {
        let lines = answer.output.split(separator: "\n")
        #expect(answer.isSuccess && !lines.isEmpty, "\(words): \(answer.status) \(answer.errors)")
        for line in lines {
            #expect(line.hasPrefix(#"{"v":1,"#), "\(words): \(line)")
            #expect(throws: Never.self) { try Fields(Array(line.utf8)) }
        }
    }

    // MARK: Asking

    private func succeed(_ site: TwinSite, _ words: String...) throws { try succeed(site, words) }

    private func succeed(_ site: TwinSite, _ words: [String]) throws {
        let answer = try site.gatehouse(words)
        guard answer.isSuccess else {
            throw TwinError("\(words.joined(separator: " ")): \(answer.status) \(answer.errors)")
        }
    }

    private func ask(_ site: TwinSite, _ words: String...) throws -> Fields {
        let answer = try site.gatehouse(words + ["--json"])
        guard answer.isSuccess else { throw TwinError("\(words): \(answer.status) \(answer.errors)") }
        return try Fields(Array(answer.output.utf8))
    }

    /// All that must be the same before and after.
    private func books(_ site: TwinSite) throws -> [String] {
        let words = [["permit", "show"], ["list", "show"], ["stay", "list", "--all"]]
        let tables = try words.map { try site.gatehouse($0 + ["--json"]).output }
        return tables + [try "\(ask(site, "status").objects("areas"))"]
    }

    /// A car that nothing reads passes while somebody's remote control holds the arm up.
    private func stranger(_ lane: RelayTwin) throws {
        let car = lane.with { $0.arrive(stop: 150) }
        try waiting(for: "the car at the line", within: .seconds(8)) {
            lane.with { $0.stands(car) && $0.loops.isOn("P") } ? true : nil
        }
        lane.with { $0.pressFob() }
        try waiting(for: "the arm to be up", within: .seconds(8)) {
            lane.with { $0.barrier.isUp } ? true : nil
        }
        lane.with { $0.drive(car) }
        try waiting(for: "the car to be through", within: .seconds(8)) {
            lane.with { $0.crossed(car) } ? true : nil
        }
    }

    /// One request by hand; the line that answers it.
    private func raw(_ site: TwinSite, _ members: String) throws -> String {
        var client = try LineClient(path: site.socket)
        _ = try client.receive()
        try client.send(Array("{\"id\":1,\(members)}\n".utf8))
        return String(decoding: try client.receive(), as: UTF8.self)
    }
}
