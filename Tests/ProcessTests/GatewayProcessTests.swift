// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Glibc
import Testing

/// The real programs on real terminals and sockets. Each waits for conditions, with deadlines.
@Suite(.serialized) struct GatewayProcessTests {
    @Test func `a resident opens the gate: camera bytes in, relay edge out, the passage on record`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            let car = site.north.with { $0.arrive(stop: 150) }
            try waiting(for: "the car at the line", within: .seconds(5)) {
                site.north.with { $0.loops.isOn("P") } ? true : nil
            }
            let before = TwinClock.uptime()
            site.northCamera.send(PlateCameraModel.Sight(plate: "蓝沪A12345"))
            let edge = try waiting(for: "the open relay to close", within: .seconds(5)) {
                site.north.with { $0.openClosings.first }
            }
            #expect(edge.at >= before)
            try waiting(for: "the greeting on the display", within: .seconds(5)) {
                site.northCard.with { $0.lines[0] == "沪A12345" && $0.lines[1].hasPrefix("欢迎回家") } ? true : nil
            }
            try waiting(for: "the arm to be up", within: .seconds(5)) {
                site.north.with { $0.barrier.isUp } ? true : nil
            }
            site.north.with { $0.drive(car) }
            let records = try waiting(for: "the passage on record", within: .seconds(8)) {
                let records = try site.records()
                return records.contains(where: \.isPassage) ? records : nil
            }
            let passage = try #require(records.first { $0.isPassage })
            #expect(passage.lane == "north" && passage.text("plate") == "沪A12345")
            #expect(passage.text("cause") == "granted" && passage.text("certainty") == "confirmed")
            // The place that it took is gone from the display.
            try waiting(for: "the free places on the display", within: .seconds(15)) {
                site.northCard.with { $0.lines[0].hasSuffix("余位19") } ? true : nil
            }
            #expect(site.northCard.with { $0.spoken } == ["沪A12345,欢迎回家"])
            let opens = records.filter { $0.kind == "barrierCommanded" && $0.text("action") == "pulse" }
            #expect(opens.count == 1 && site.north.with { $0.openClosings.count } == 1)
            #expect(records.filter { $0.kind == "accessGranted" }.count == 1)
            #expect(try site.stopDaemon() == 0)
        }
    }

    @Test func `kill -9 under load, three times: nothing acknowledged is missing and the journal is sound`()
        throws
    {
        let unlimited = { (text: String) in
            text.replacingOccurrences(of: "at: 127.0.0.1}", with: "at: 127.0.0.1, plates_per_minute: 600}")
        }
        try TestSite.with(change: unlimited) { site in
            for round in 1...3 {
                try site.startDaemon()
                let before = site.northCamera.answers.count { $0.status == 200 }
                for number in 0..<40 {
                    site.northCamera.send(PlateCameraModel.Sight(plate: plate(round, number)))
                    usleep(25_000)
                }
                try waiting(for: "some reads to be acknowledged", within: .seconds(10)) {
                    site.northCamera.answers.count { $0.status == 200 } >= before + 10 ? true : nil
                }
                try site.killDaemon()
                try waiting(for: "the camera to give up", within: .seconds(12)) {
                    site.northCamera.isIdle ? true : nil
                }
                let verified = try site.offline("verify", "--offline", site.state)
                #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
            }
            try site.startDaemon()
            let kept = Set(try site.records().filter { $0.kind == "plateRead" }.compactMap { $0.text("raw") })
            let acknowledged = site.northCamera.answers.filter { $0.status == 200 }.map(\.what)
            #expect(acknowledged.count >= 30)
            #expect(acknowledged.filter { !kept.contains($0) } == [])
        }
    }

    @Test func `SIGHUP with a wrong file keeps the plan`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            let plan = try planHash(site)
            try site.siteFile.write(site.siteText.replacingOccurrences(of: "in2", with: "in99"))
            site.signalDaemon(SIGHUP)
            try waiting(for: "the messages in the log", within: .seconds(5)) {
                site.daemonLog.text.contains("in99") ? true : nil
            }
            #expect(site.isRunning)
            #expect(try planHash(site) == plan)
        }
    }

    @Test func `a wrong site is refused with 78 and every message`() throws {
        let mistakes = { (text: String) in
            text.replacingOccurrences(of: "closing: controller", with: "closing: nobody")
                .replacingOccurrences(of: "reset: relays-north.in7", with: "reset: relays-nord.in7")
                .replacingOccurrences(of: "capacity: 20", with: "capacity: many")
        }
        try TestSite.with(change: mistakes) { site in
            let answer = try ChildProgram.run(
                site.gatehoused, site.daemonArguments, scratch: site.folder, within: .seconds(10))
            #expect(answer.status == 78)
            let said = answer.output + answer.errors
            for found in ["nobody", "relays-nord", "many"] { #expect(said.contains(found), "\(said)") }
        }
    }

    @Test func `an imported directory is in force within a second, households and permits together`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            for round in 1...8 {
                let file = TextFile("\(site.folder)/directory.csv")
                let rows = "household,,4-1-\(round),2\npermit,沪A1234\(round),4-1-\(round),\n"
                try file.write("kind,plate,household,spaces\n" + rows)
                let answer = try site.gatehouse("directory", "import", file.path)
                #expect(answer.isSuccess, "\(answer.errors)")
                try waiting(for: "permit \(round) in force", within: .seconds(1)) { () -> Bool? in
                    let status = try site.gatehouse("status", "--json")
                    let fields = try Fields(Array(status.output.utf8))
                    return try fields.int("permits_and_entries") == round ? true : nil
                }
            }
        }
    }

    private func plate(_ round: Int, _ number: Int) -> String {
        let digits = String(10_000 + round * 1000 + number)
        return "蓝苏E\(digits)"
    }

    private func planHash(_ site: TwinSite) throws -> String {
        let answer = try site.gatehouse("status", "--json")
        return try Fields(Array(answer.output.utf8)).object("process").string("plan")
    }
}
