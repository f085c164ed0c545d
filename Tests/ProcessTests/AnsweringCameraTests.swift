// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Testing

/// The real daemon and a camera whose relay raises the arm.
@Suite(.serialized) struct AnsweringCameraTests {
    private func wired(_ text: String) -> String {
        let camera = "camera-north: {profile: hikvision-isapi, at: 127.0.0.1}"
        let answering = "camera-north: {profile: vzenith-http, at: 127.0.0.1, comet_hold: 20}"
        let hardwired = "fire_hardwired: {confirmed_by: demonstration, date: 2026-03-02}"
        let open = "    open: relays-north.out1\n    hold: relays-north.out2\n"
        return text.replacingOccurrences(of: camera, with: answering)
            .replacingOccurrences(of: open, with: "    open: camera-north.out1\n    \(hardwired)\n")
    }

    @Test
    func `the answer to a resident's plate raises the arm once, and a held heartbeat does for the guard`()
        throws
    {
        try TestSite.with(change: wired) { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            let camera = VzenithTwin(name: "camera-north", address: "127.0.0.1", port: site.cameraPort) { _ in
                site.north.with { $0.pulseByCamera() }
            }
            let car = site.north.with { $0.arrive(stop: 150) }
            try waiting(for: "the car at the line", within: .seconds(5)) {
                site.north.with { $0.loops.isOn("P") } ? true : nil
            }
            camera.send(VzenithCameraModel.Sight(plate: "沪A12345"), times: 2)
            try waiting(for: "the arm to be up", within: .seconds(5)) {
                site.north.with { $0.barrier.isUp } ? true : nil
            }
            try waiting(for: "both answers", within: .seconds(5)) { camera.answers.count == 2 ? true : nil }
            #expect(camera.openings == 1 && camera.answers.allSatisfy { $0.status == 200 })
            site.north.with { $0.drive(car) }
            let records = try waiting(for: "the passage on record", within: .seconds(8)) {
                let records = try site.records()
                return records.contains(where: \.isPassage) ? records : nil
            }
            let passage = try #require(records.first { $0.isPassage })
            #expect(passage.text("plate") == "沪A12345" && passage.text("cause") == "granted")
            #expect(site.north.with { $0.openClosings.isEmpty })

            try waiting(for: "the arm to be down", within: .seconds(8)) {
                site.north.with { $0.barrier.isDown } ? true : nil
            }
            camera.sendHeartbeat()
            // Whichever comes first waits for the other.
            let answer = try site.gatehouse("lane", "open", "north", "--reason", "TEST")
            #expect(answer.isSuccess, "\(answer.errors)")
            try waiting(for: "the guard's opening", within: .seconds(10)) {
                camera.openings == 2 ? true : nil
            }
            let performed = try site.records().filter { $0.kind == "commandPerformed" }
            #expect(performed.contains { $0.text("outcome") == "confirmed" })
            #expect(try site.stopDaemon() == 0)
        }
    }
}
