// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTransport
import GatehouseTwins
import Glibc
import Testing

/// What goes wrong around the gateway and mends itself, on real terminals and sockets.
@Suite(.serialized) struct GatewayTroubleTests {
    @Test func `a camera port that is taken is a fault, lanes work, and it opens when it is free`() throws {
        try TestSite.with { site in
            let taken = try TakenPort(site.cameraPort)
            try site.startDaemon()
            try waiting(for: "the fault", within: .seconds(5)) {
                try faults(site).contains { $0 == "camera port/cannot_listen" } ? true : nil
            }
            try open("north", site)
            try waiting(for: "the open relay to close", within: .seconds(5)) {
                site.north.with { $0.openClosings.first }
            }
            taken.free()
            try waiting(for: "the fault to end", within: .seconds(20)) {
                try faults(site).contains { $0 == "camera port/cannot_listen" } ? nil : true
            }
            site.northCamera.send(PlateCameraModel.Sight(plate: "蓝沪A12345"))
            try waiting(for: "the camera's answer", within: .seconds(5)) {
                site.northCamera.answers.first { $0.status == 200 }
            }
        }
    }

    @Test func `H-43 SIGHUP takes a new plan, and boards that it leaves alone do not notice`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try waiting(for: "both boards", within: .seconds(5)) {
                site.north.starts > 0 && site.south.starts > 0 ? true : nil
            }
            let held = try site.gatehouse("lane", "hold", "south", "open", "--reason", "TEST")
            #expect(held.isSuccess, "\(held.errors)")
            try waiting(for: "the hold relay", within: .seconds(5)) {
                site.south.with { $0.board.isClosed($0.wiring.hold) } ? true : nil
            }
            let (north, south) = (site.north.starts, site.south.starts)
            let changed = site.siteText.replacingOccurrences(of: "capacity: 20", with: "capacity: 30")
                .replacingOccurrences(
                    of: "\(site.south.path), reply_timeout_ms: 60",
                    with: "\(site.south.path), reply_timeout_ms: 70")
            #expect(changed.contains("reply_timeout_ms: 70"))
            try site.siteFile.write(changed)
            site.signalDaemon(SIGHUP)
            try waiting(for: "the new capacity", within: .seconds(5)) {
                let status = try site.gatehouse("status", "--json")
                let areas = try Fields(Array(status.output.utf8)).objects("areas")
                return try areas.first?.int("capacity") == 30 ? true : nil
            }
            try waiting(for: "the changed board to be opened again", within: .seconds(10)) {
                site.south.starts > south ? true : nil
            }
            #expect(site.north.starts == north)
            try open("north", site)
            try waiting(for: "the open relay to close", within: .seconds(5)) {
                site.north.with { $0.openClosings.first }
            }
            // The arm that was held stayed up.
            let holds = site.south.with { model in
                model.board.edges.filter { $0.relay == model.wiring.hold }.map(\.isClosed)
            }
            #expect(holds == [true])
            let released = try site.gatehouse("lane", "release", "south", "--reason", "TEST")
            #expect(released.isSuccess, "\(released.errors)")
            try waiting(for: "the hold relay to open", within: .seconds(5)) {
                site.south.with { $0.board.isClosed($0.wiring.hold) } ? nil : true
            }
        }
    }

    @Test func `an adapter that is pulled and plugged in again works again`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try waiting(for: "the board", within: .seconds(5)) { site.north.starts > 0 ? true : nil }
            site.north.pull()
            try waiting(for: "the fault", within: .seconds(5)) {
                try faults(site).contains("device relays-north/line_lost") ? true : nil
            }
            let starts = site.north.starts
            try site.north.plugIn()
            try waiting(for: "the board to be opened again", within: .seconds(15)) {
                site.north.starts > starts ? true : nil
            }
            try waiting(for: "the fault to end", within: .seconds(5)) {
                try faults(site).contains("device relays-north/line_lost") ? nil : true
            }
            try open("north", site)
            try waiting(for: "the open relay to close", within: .seconds(5)) {
                site.north.with { $0.openClosings.first }
            }
        }
    }

    @Test func `too large a body is 413, strangers are 403, and neither they nor heartbeats hide an event`()
        throws
    {
        try TestSite.with { site in
            try site.startDaemon()
            site.northCamera.send(PlateCameraModel.Sight(plate: "蓝沪A12345"))
            try waiting(for: "the event's answer", within: .seconds(5)) {
                site.northCamera.answers.first { $0.status == 200 }
            }
            site.northCamera.sendHeartbeat()
            let size = (8 << 20) + 1
            let head = "POST /camera/camera-north HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n"
            site.northCamera.send(
                raw: Array(head.utf8) + [UInt8](repeating: 0x20, count: size), as: "too large")
            let stranger = CameraTwin(name: "camera-north", address: "127.0.0.9", port: site.cameraPort)
            stranger.send(PlateCameraModel.Sight(plate: "蓝沪B00001"))
            let lost = CameraTwin(name: "camera-nowhere", address: "127.0.0.1", port: site.cameraPort)
            lost.send(PlateCameraModel.Sight(plate: "蓝沪B00002"))
            try waiting(for: "all answers", within: .seconds(10)) {
                site.northCamera.answers.count == 3 && stranger.isIdle && lost.isIdle ? true : nil
            }
            #expect(site.northCamera.answers.first { $0.what == "too large" }?.status == 413)
            #expect(site.northCamera.answers.first { $0.what == "heartbeat" }?.status == 200)
            #expect(stranger.answers.map(\.status) == [403])
            #expect(lost.answers.map(\.status) == [404])

            let file = TextFile("\(site.folder)/capture")
            let captured = try site.gatehouse("capture", "camera-north", "--output", file.path)
            #expect(captured.isSuccess, "\(captured.errors)")
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            #expect(bytes.range(of: Data("蓝沪A12345".utf8)) != nil)
            let frames = try site.gatehouse("capture", "relays-north", "--output", file.path)
            #expect(frames.isSuccess, "\(frames.errors)")
            let lines = file.text.split(separator: "\n")
            #expect(lines.contains { $0.contains(" > 01 ") } && lines.contains { $0.contains(" < 01 ") })
        }
    }

    @Test func `one user cannot take every place at the technician's socket, nor watch without end`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            var greedy = try LineClient(path: site.socket)
            #expect(try line(&greedy).contains("protocol"))
            for id in 1...2 {
                try greedy.send(Array(#"{"id":\#(id),"request":"watch"}"#.utf8) + [10])
            }
            var refused = ""
            while !refused.contains("error") { refused = try line(&greedy) }
            #expect(refused.contains(#""id":2"#) && refused.contains("busy"), "\(refused)")

            // Beside the greedy one; a command that has just ended may still be counted.
            let (count, refusal) = try crowd(site)
            #expect((14...15).contains(count), "\(count)")
            #expect(refusal.contains("busy") && refusal.contains("16"), "\(refusal)")
            try waiting(for: "the places to be free", within: .seconds(5)) {
                try site.gatehouse("status").isSuccess ? true : nil
            }
        }
    }

    /// Connects until it is refused: how many it got, and the refusal.
    private func crowd(_ site: TwinSite, _ count: Int = 0) throws -> (Int, String) {
        var client = try LineClient(path: site.socket)
        let greeting = try line(&client)
        guard greeting.contains("protocol"), count < 40 else { return (count, greeting) }
        let all = try crowd(site, count + 1)
        _ = consume client
        return all
    }

    private func line(_ client: inout LineClient) throws -> String {
        String(decoding: try client.receive(), as: UTF8.self)
    }

    private func open(_ lane: String, _ site: TwinSite) throws {
        let answer = try site.gatehouse("lane", "open", lane, "--reason", "TEST")
        #expect(answer.isSuccess, "\(answer.errors)")
    }

    private func faults(_ site: TwinSite) throws -> [String] {
        let answer = try site.gatehouse("faults", "--json")
        return try Fields(Array(answer.output.utf8)).objects("faults").map {
            "\(try $0.string("subject"))/\(try $0.string("code"))"
        }
    }
}
