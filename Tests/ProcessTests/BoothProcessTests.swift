// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseTwins
import Testing

/// The real page beside the real daemon, spoken to as a browser and as somebody who means harm.
@Suite(.serialized) struct BoothProcessTests {
    @Test func `nobody sees or does anything without a password, from elsewhere or by another name`() throws {
        try BoothPage.with { site, page in
            for path in ["/", "/stays"] {
                let answer = try page.get(path)
                #expect(answer.status == 303 && answer.headers["location"] == "/login")
            }
            #expect(try page.get("/live").status == 401)
            #expect(try page.get("/picture/\(String(repeating: "0", count: 64))").status == 401)
            #expect(try page.get("/login", host: "evil.example:\(page.port)").status == 421)
            #expect(try page.get("/metrics", host: "evil.example").status == 421)

            var page = page
            #expect(try page.logIn("wrong password").status == 403)
            #expect(page.cookie == nil)
            let login = try page.logIn()
            #expect(login.status == 303)
            let set = try #require(login.headers["set-cookie"])
            #expect(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"))
            #expect(set.split(separator: ";")[0].count == "gatehouse_booth=".count + 64)

            let board = try waiting(for: "the lanes on the page", within: .seconds(20)) { [page] in
                let board = try page.get("/")
                return board.status == 200 && board.text.contains("data-lane=\"north\"") ? board : nil
            }
            #expect(board.text.contains("li&lt;script&gt;") && !board.text.contains("<script>alert"))
            let policy = try #require(board.headers["content-security-policy"])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(board.headers["cache-control"] == "no-store")

            let order = [
                "lane": "north", "action": "open", "reason": "TEST",
                "csrf": try page.mark("csrf", in: board.text, lane: "north"),
                "press": try page.mark("press", in: board.text, lane: "north"),
            ]
            func refused(_ change: (inout [String: String]) -> Void, origin: String?) throws -> Int {
                var fields = order
                change(&fields)
                return try page.post("/lane", fields, origin: origin, headers: ["Accept": "text/plain"])
                    .status
            }
            let ours = "http://\(page.host)"
            #expect(try refused({ _ in }, origin: nil) == 403)
            #expect(try refused({ _ in }, origin: "http://evil.example") == 403)
            #expect(try refused({ $0["csrf"] = "0" }, origin: ours) == 403)
            #expect(try refused({ $0["csrf"] = nil }, origin: ours) == 403)
            #expect(try refused({ $0["press"] = "1.2.3" }, origin: ours) == 409)
            #expect(try refused({ $0["action"] = "hold" }, origin: ours) == 409)
            #expect(try refused({ $0["reason"] = "" }, origin: ours) == 409)
            #expect(try refused({ $0["note"] = String(repeating: "x", count: 9000) }, origin: ours) >= 400)
            #expect(try !site.records().contains { $0.kind == "manualOpen" })

            // The same form again and again is one order.
            for _ in 0..<3 {
                let done = try page.post("/lane", order, origin: ours, headers: ["Accept": "text/plain"])
                #expect(done.status == 200 && done.text.contains("done, record"), "\(done.text)")
            }
            let opened = try site.records().filter { $0.kind == "manualOpen" }
            #expect(opened.count == 1)
            let by = try #require(try opened.first?.data.objectIfPresent("by"))
            #expect(by.text("name") == BoothPage.guardName)
            #expect(by.text("channel")?.hasPrefix("via ") == true)
            try waiting(for: "the relay", within: .seconds(5)) {
                site.north.with { $0.openClosings.count } == 1 ? true : nil
            }

            // Without the script: the answer stands on the next page.
            let again = try page.get("/").text
            let plain = [
                "lane": "nowhere", "action": "open", "reason": "TEST",
                "csrf": try page.mark("csrf", in: again, lane: "north"),
                "press": try page.mark("press", in: again, lane: "north"),
            ]
            #expect(try page.post("/lane", plain, origin: ours).status == 303)
            #expect(try page.get("/").text.contains("no lane nowhere"))

            // So long that nobody computes anything for it, and it counts all the same.
            let tries = try (0..<20).map { _ in try page.logIn(String(repeating: "x", count: 2000)) }
            let throttled = try #require(tries.first { $0.status == 429 })
            #expect(throttled.headers["retry-after"] != nil && tries.contains { $0.status == 403 })
            #expect(try site.stopBooth() == 0)
        }
    }

    @Test func `what the page says of a gateway that fell silent is not live`() throws {
        try BoothPage.with { site, page in
            var page = page
            _ = try page.logIn()
            try waiting(for: "a live page", within: .seconds(30)) { () -> Bool? in
                try page.get("/live").status == 200 ? true : nil
            }
            try site.killDaemon()
            try waiting(for: "the page to notice", within: .seconds(30)) { () -> Bool? in
                try page.get("/live").status == 503 ? true : nil
            }
            let board = try page.get("/").text
            #expect(board.contains("class=\"stale\"") && !board.contains("role=\"alert\" hidden"))
            #expect(try page.get("/metrics").text.contains("\ngatehouse_up 0\n"))
            try site.startDaemon()
            try waiting(for: "the page to hear it again", within: .seconds(30)) { () -> Bool? in
                try page.get("/live").status == 200 ? true : nil
            }
        }
    }

    @Test func `gatehouse booth is gatehouse-booth, and both end with the same status`() throws {
        try TestSite.with { site in
            // The demonstration's site file has no booth: section.
            let options = ["--site", site.siteFile.path, "--profiles", site.profiles]
            let ours = try ChildProgram.run(site.boothProgram, options, scratch: site.folder)
            let typed = try site.offline(["booth"] + options)
            #expect(ours.status == 78 && ours.errors.contains("no booth: section"))
            #expect(typed == ours)
            #expect(try site.offline("booth", "password", "--help").output.contains("booth-guards"))
        }
    }

    private static let peers = ProcessInfo.processInfo.environment["GATEHOUSE_PEERS"]

    @Test(.enabled(if: peers != nil)) func `metrics are what Prometheus' own parser reads`() throws {
        try BoothPage.with { site, page in
            #expect(try site.gatehouse("lane", "open", "north", "--reason", "TEST").isSuccess)
            let answer = try waiting(for: "the page to find the gateway", within: .seconds(30)) {
                let answer = try page.get("/metrics")
                return answer.text.contains("\ngatehouse_up 1\n") ? answer : nil
            }
            #expect(answer.status == 200)
            #expect(
                answer.headers["content-type"]?.hasPrefix("application/openmetrics-text; version=1.0.0")
                    == true)
            let file = TextFile("\(site.folder)/metrics")
            try file.write(answer.text)
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/metrics_peer.py"
            let python = (Self.peers ?? "") + "/bin/python"
            let read = try ChildProgram.run(
                "/bin/sh", ["-c", #"exec "$0" "$1" < "$2""#, python, script, file.path], scratch: site.folder)
            #expect(read.isSuccess, "\(read.errors)\n\(answer.text)")
            let samples = read.output.split(separator: "\n").map(String.init)
            for wanted in [
                "gatehouse_up gauge gatehouse_up - 1",
                "gatehouse_lane_passages counter gatehouse_lane_passages_total direction=in,lane=north 0",
                "gatehouse_device_up gauge gatehouse_device_up device=relays-north,driver=modbus-relay 1",
                "gatehouse_area_free_spaces gauge gatehouse_area_free_spaces area=main 20",
            ] { #expect(samples.contains(wanted), "\(wanted) is not in \(read.output)") }
            for family in [
                "gatehouse_gateway info", "gatehouse_clock_quality stateset",
                "gatehouse_store_commits counter",
                "gatehouse_store_backlog_records gauge", "gatehouse_private_memory_bytes gauge",
                "gatehouse_lane_grants counter", "gatehouse_lane_denials counter",
                "gatehouse_lane_faults counter",
                "gatehouse_lane_phase gauge", "gatehouse_journal_bytes gauge",
            ] { #expect(samples.contains { $0.hasPrefix("\(family) ") }, "\(family)") }
        }
    }

    @Test func `with a token nobody gets metrics without it`() throws {
        try BoothPage.with("booth: {metrics_token: scrape}", secrets: ["scrape": "s3cret\n"]) {
            (_, page) throws in
            #expect(try page.get("/metrics").status == 401)
            #expect(try page.get("/metrics", headers: ["Authorization": "Bearer wrong"]).status == 401)
            #expect(try page.get("/metrics", headers: ["Authorization": "Bearer s3cret"]).status == 200)
        }
    }
}
