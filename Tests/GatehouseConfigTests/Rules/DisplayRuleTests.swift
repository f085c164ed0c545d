// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

struct DisplayRuleTests {
    private func read(
        _ device: String = "card: {profile: card, at: /dev/c}", north: String? = "card", south: String? = nil
    ) -> LoadResult {
        let site = TestSites.site(
            north: north.map { ["display": $0] } ?? [:], south: south.map { ["display": $0] } ?? [:])
        return TestSites.read(site.replacing("  cam2:", with: "  \(device)\n  cam2:"))
    }

    @Test func `a lane names its display, or several`() throws {
        let plan = try #require(read().plan)
        #expect(plan.displays == [DisplayWire(device: DeviceID(3), lane: LaneID(0))])
        #expect(plan.devices[3].settings["answers"] == "true")
        let two = read(
            "card: {profile: card, at: /dev/c}\n  side: {profile: card, at: /dev/d}", north: "[card, side]")
        #expect(two.plan?.displays.map(\.device) == [DeviceID(3), DeviceID(4)])
        #expect(two.issues.map(\.text) == [])
    }

    @Test func `what is no display is refused, with what there is`() {
        #expect(read(north: "relays").isRefused(at: "lanes.north.display", "relays is not a display"))
        #expect(read(north: "cart").isRefused(at: "lanes.north.display", "did you mean card?"))
        let none = TestSites.read(TestSites.site(north: ["display": "board"]))
        #expect(none.isRefused(at: "lanes.north.display", "no such device"))
    }

    @Test func `one display, one lane`() {
        let both = read(north: "card", south: "card")
        #expect(both.isRefused(at: "lanes.south.display", "it shows the texts of lane north in line"))
        #expect(read(north: "[card, card]").isRefused(at: "lanes.north.display[1]", "of lane north"))
    }

    @Test func `a display that nobody writes to is noticed`() {
        #expect(read(north: nil).warns(at: "devices.card", "no lane shows anything on it"))
    }

    @Test(arguments: [
        ("board-8x8, at: /dev/d", "nothing is wired to it", "open: spare.out1"),
        ("camera-io, at: 192.0.2.30", "no lane listens to it", "camera: spare"),
        ("test-reader, at: /dev/d", "no way in or out reads cards with it", "reader_in: spare"),
        ("test-scanner, at: /dev/d", "no lane reads payment codes with it", "scanner: spare"),
    ]) func `a device that no lane uses is noticed`(_ device: String, _ said: String, _ hint: String) {
        let spare = "spare: {profile: \(device)}"
        let result = read(spare, north: nil)
        #expect(result.plan != nil && result.warnings.count == 1)
        #expect(result.warns(at: "devices.spare", said) && result.warns(at: "devices.spare", hint))
        // The lane that was not understood may be the one.
        #expect(!read(spare, north: "cart").warns(at: "devices.spare", said))
    }

    @Test func `H-23 a display beside the board that reads safety must leave it time`() {
        // 76 ms of voice, 300 ms until the card is given up, and three exchanges of the board.
        let slow = read("card: {profile: card, at: /dev/a}")
        #expect(slow.isRefused(at: "lanes.north.safety", "unknown after 400 ms (H-23)"), "\(slow.errors)")
        let quick = read("card: {profile: card, at: /dev/a, reply_timeout_ms: 40}")
        #expect(quick.plan != nil, "\(quick.errors)")
        #expect(quick.warns(at: "devices.relays.at", "may wait"))
        let silent = read("card: {profile: silent-card, at: /dev/a}")
        #expect(silent.issues.map(\.text) == [])
    }

    @Test func `a camera on a serial line has it to itself, and no relay waits there`() {
        func site(_ address: String) -> LoadResult {
            let text = TestSites.site(north: ["camera": "printer"])
            return TestSites.read(
                text.replacing(
                    "  cam2:", with: "  printer: {profile: serial-camera, at: \(address)}\n  cam2:"))
        }
        let alone = site("/dev/c")
        #expect(alone.plan != nil, "\(alone.errors)")
        #expect(alone.report?.buses.map(\.address) == ["/dev/a", "/dev/b"])
        #expect(site("/dev/a").isRefused(at: "devices.printer.at", "needs a line of its own"))
    }

    @Test func `a card has a number of its own on the line`() {
        let twice = read("card: {profile: silent-card, at: /dev/a, address: 1}")
        #expect(twice.errors.contains { $0.contains("relays has unit 1 on this bus already") })
    }

    @Test func `a display may be behind a camera`() throws {
        let result = read("card: {profile: card, through: {camera: cam3, port: 2}}")
        #expect(result.issues.map(\.text) == [])
        let plan = try #require(result.plan)
        #expect(plan.devices[3].through == CameraPort(camera: "cam3", port: 2))
        #expect(plan.devices[3].address == "")
        #expect(result.report?.notices == ["card: behind cam3, so nobody will know whether it is there"])
        let short = read("card: {profile: card, through: cam3}")
        #expect(short.plan?.devices[3].through == CameraPort(camera: "cam3", port: 1))
    }

    @Test(arguments: [
        ("cam3, port: 3", "cam3 has 2 serial ports"), ("cam2", "cam2 (camera-io) passes no bytes on"),
        ("cam4", "did you mean cam"), ("relays", "relays is not a camera"), ("cam3, port: 0", "from 1 to 8"),
    ])
    func `what passes nothing on is refused, with what there is`(_ through: String, _ words: String) {
        let result = read("card: {profile: card, through: {camera: \(through)}}")
        #expect(result.errors.count == 1 && result.errors[0].contains(words), "\(result.errors)")
    }

    @Test func `a port behind a camera has one card, and a card one way`() {
        let both = read("card: {profile: card, at: /dev/c, through: cam3}")
        #expect(both.isRefused(at: "devices.card.through", "not both"), "\(both.errors)")
        let two = read(
            "card: {profile: card, through: cam3}\n  side: {profile: card, through: cam3}",
            north: "[card, side]")
        #expect(two.isRefused(at: "devices.side.through", "card is at this port already"), "\(two.errors)")
        let reader = read("card: {profile: test-reader, through: cam3}", north: nil)
        #expect(reader.errors.contains { $0.contains("only a display") }, "\(reader.errors)")
    }

    @Test func `without comet mode a text stands until the next car, and check says so`() {
        let site = TestSites.site(north: ["display": "card"], answering: "")
        let result = TestSites.read(
            site.replacing("  cam2:", with: "  card: {profile: card, through: cam3}\n  cam2:"))
        #expect(result.warns(at: "devices.card.through", "comet mode"), "\(result.warnings)")
    }
}
