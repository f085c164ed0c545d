// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseConfig

struct ProfileReaderTests {
    private func read(_ text: String) -> (profile: HardwareProfile?, issues: [ConfigIssue]) {
        let log = IssueLog(file: "p.yaml")
        let profile = ProfileReader(name: "p", drivers: TestSites.drivers, log: log).read(text)
        return (profile, log.issues)
    }

    private var library: ProfileLibrary {
        ProfileLibrary(folder: TestSites.fixtures + "/profiles", drivers: TestSites.drivers)
    }

    @Test func `every profile of the folder loads`() {
        let library = library
        #expect(library.names.count == 16)
        for name in library.names { #expect(library.profile(name) != nil, "\(name)") }
        #expect(library.issues.map(\.text) == [])
    }

    @Test func `a folder that is missing is said once, and of the folder`() {
        let library = ProfileLibrary(folder: "/nowhere/profiles", drivers: TestSites.drivers)
        let result = SiteLoader.read(
            TestSites.site(), file: "site.yaml", profiles: library, drivers: TestSites.drivers)
        let errors = result.issues.filter { $0.severity == .error }
        #expect(
            errors.map(\.text) == [
                "/nowhere/profiles: error: the folder of the hardware profiles is missing or cannot be read; "
                    + "make install brings them; --profiles names another folder"
            ])
        let empty = ProfileLibrary(folder: TestSites.fixtures + "/profiles/relays/none", drivers: [])
        #expect(empty.issues.count == 1 && empty.isEmpty)
    }

    @Test func `a profile says what the model is`() throws {
        let relays = try #require(library.profile("waveshare-rtu-8ch"))
        #expect(relays.maker == "Waveshare" && relays.driver == "modbus-relay" && relays.kind == .relay)
        #expect(relays.transport == .serial && relays.line == SerialLine())
        #expect(relays.capabilities.relays == 8 && relays.capabilities.inputs == 0)
        #expect(relays.capabilities.pulseStep == .milliseconds(100))
        #expect(relays.settings["flash_base"] == "512" && relays.settings["poll_ms"] == "50")
        #expect(relays.inputSource == .modbus)
        #expect(relays.quirks.map(\.id) == ["flash-on-in-tenths", "answers-address-0"])
        #expect(relays.verified == [])
        let camera = try #require(library.profile("camera-io"))
        #expect(camera.inputSource == .cameraContact && camera.capabilities.triggers)
        let board = try #require(library.profile("plain-barrier"))
        #expect(board.driver == nil && board.capabilities.closeDelay == .seconds(6))
        #expect(library.profile("nowhere") == nil)
    }

    @Test func `all mistakes of a profile are listed`() {
        let (profile, issues) = read(
            """
            maker: no
            driver: modbus-rely
            transport: {serial: {baud: 9600, formt: 8N1}, tcp: {}}
            capabilities: {relays: many, pulse_min: 2 s, pulse_max: 1 s}
            quirks: [{id: Bad Id, why: x}]
            verified: [{by: Li Wei, date: 2026-13-01}]
            extra: 1
            """)
        #expect(profile == nil)
        #expect(
            issues.filter { $0.severity == .error }.map(\.path) == [
                "maker", "model", "driver", "transport.serial.formt", "transport", "capabilities.relays",
                "capabilities",
                "quirks[0].id", "quirks[0].source", "verified[0].date", "extra",
            ])
        #expect(issues.contains { $0.path == "driver" && $0.hint == "did you mean modbus-relay?" })
    }

    @Test func `settings are checked against the driver's description`() {
        let text = "maker: a\nmodel: b\ndriver: test-camera\ntransport: {http: {}}\nsettings: "
        #expect(read(text + "{user: admin, probe: 2 s, tls: true}").profile?.settings["probe"] == "2000")
        #expect(read(text + "{user: admin}").profile?.settings["tls"] == "false")
        for wrong in [
            "{user: no}", "{user: a, probe: 2}", "{user: a, tls: yes}", "{user: a, colour: red}", "[]",
        ] {
            #expect(read(text + wrong).profile == nil, "\(wrong)")
        }
    }

    @Test func `every truncation of every profile gives a profile or issues and never a trap`() throws {
        for name in ["relays/waveshare-rtu-8ch", "cameras/camera-io", "boards/plain-barrier"] {
            let text = try TestSites.text(TestSites.fixtures + "/profiles/\(name).yaml")
            let scalars = Array(text.unicodeScalars)
            for length in stride(from: 0, to: scalars.count, by: 2) {
                var cut = String.UnicodeScalarView()
                cut.append(contentsOf: scalars[..<length])
                let (profile, issues) = read(String(cut))
                #expect((profile == nil) == issues.hasErrors)
            }
        }
    }

    @Test func `a device whose profile is broken, missing or a barrier's own board says so once`() {
        let broken = TestSites.read(
            TestSites.site().replacing("profile: camera-io, at: 192.0.2.22", with: "profile: camra-io, at: x")
        )
        #expect(broken.isRefused(at: "devices.cam2.profile", "camera-io"), "\(broken.errors)")
        let board = TestSites.read(
            TestSites.site().replacing(
                "profile: camera-io, at: 192.0.2.22", with: "profile: plain-barrier, at: x"))
        #expect(
            board.isRefused(at: "devices.cam2.profile", "controller: {profile: plain-barrier}"),
            "\(board.errors)")
    }
}
