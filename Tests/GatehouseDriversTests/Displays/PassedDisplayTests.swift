// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation
import Testing

/// A card behind a camera, in virtual time: what is passed, and what is made of what became of it.
struct PassedDisplayTests {
    private var session: PassedDisplaySession
    private var now = Moment(
        uptime: .zero, wall: WallTime(milliseconds: 1_772_440_215_000), quality: .synchronised)
    private let settings: DisplaySettings

    init() throws {
        var values = Table<String, String>()
        values["clock"] = "false"
        let plan = DevicePlan(
            name: "card", profile: "p", driver: "led-card-64", address: "", settings: values,
            through: CameraPort(camera: "camera", port: 2))
        session = try #require(PassedDisplaySession(plan, zone: .utc))
        settings = try #require(DisplaySettings(plan))
    }

    private mutating func show(_ key: LaneTextKey) -> SerialBatch? {
        session.show(DisplayLayout.content(LaneText(key), settings), at: now)
    }

    private mutating func pass(_ span: Duration) -> SerialBatch? {
        now.uptime = now.uptime + span
        return session.timer(at: now)
    }

    private let goodbye: [UInt8] = [
        0x00, 0x64, 0xFF, 0xFF, 0x30, 0x09, 0x01, 0xD2, 0xBB, 0xC2, 0xB7, 0xC6, 0xBD, 0xB0, 0xB2, 0x3E, 0x20,
    ]

    @Test mutating func `all lines and the voice go in one batch that ends with the greeting`() throws {
        let made = show(.goodbye)
        let batch = try #require(made)
        #expect(batch.port == 1)
        #expect(batch.frames.count == 3)
        #expect(batch.frames.last == goodbye)
        #expect(batch.expires == now.uptime + .seconds(3))
    }

    @Test mutating func `a greeting that is late is not said, its text is shown`() throws {
        let made = show(.goodbye)
        let batch = try #require(made)
        now.uptime = now.uptime + .seconds(3)
        let again = session.passed(batch.token, .expired, at: now)
        let silent = try #require(again)
        #expect(silent.frames == Array(batch.frames.prefix(2)))
        #expect(silent.expires == nil)
        #expect(session.nextTimer == nil)
    }

    @Test mutating func `the newest text is the one that counts`() throws {
        let (first, second) = (show(.goodbye), show(.closed))
        let (old, new) = (try #require(first), try #require(second))
        let afterOld = session.passed(old.token, .withdrawn("replaced by newer bytes"), at: now)
        let afterNew = session.passed(new.token, .confirmed(at: now.uptime), at: now)
        #expect(afterOld == nil)
        #expect(afterNew == nil)
        #expect(session.nextTimer == now.uptime + settings.repeatInterval)
    }

    @Test mutating func `the port gets its time before the next batch`() throws {
        let made = show(.goodbye)
        let first = try #require(made)
        _ = session.passed(first.token, .confirmed(at: now.uptime), at: now)
        let early = show(.closed)
        #expect(early == nil)
        let bytes = first.frames.reduce(0) { $0 + $1.count }
        let free = now.uptime + settings.characterTime * bytes + settings.gap
        #expect(session.nextTimer == free)
        let late = pass(free - now.uptime)
        #expect(late != nil && late?.token != first.token)
    }

    @Test mutating func `what stands there is passed again, without its voice`() throws {
        let made = show(.goodbye)
        let batch = try #require(made)
        _ = session.passed(batch.token, .confirmed(at: now.uptime), at: now)
        let (early, again) = (pass(.seconds(44)), pass(.seconds(1)))
        #expect(early == nil)
        #expect(again?.frames == Array(batch.frames.prefix(2)))
        // As long as nobody asks for it, one batch waits and no more are made.
        let more = pass(.seconds(3600))
        #expect(more == nil)
        #expect(session.nextTimer == nil)
    }

    @Test mutating func `what a camera refused is tried again later`() throws {
        let made = show(.closed)
        let batch = try #require(made)
        let after = session.passed(batch.token, .refused("no port"), at: now)
        #expect(after == nil)
        #expect(session.nextTimer == now.uptime + settings.repeatInterval)
    }

    // MARK: Codes

    private static func withCodes() throws -> (session: PassedDisplaySession, settings: DisplaySettings) {
        var values = Table<String, String>()
        values["qr"] = "49"
        values["lines"] = "4"
        let plan = DevicePlan(
            name: "card", profile: "p", driver: "led-card-64", address: "", settings: values,
            through: CameraPort(camera: "camera"))
        return (
            try #require(PassedDisplaySession(plan, zone: .utc)), try #require(DisplaySettings(plan))
        )
    }

    @Test func `a code goes in one batch, and the next text takes it away first`() throws {
        let made = try Self.withCodes()
        var session = made.session
        let settings = made.settings
        var now = now
        var card = DisplayCardModel()
        var text = LaneText(.pay, plate: PlateGrammar.parse("沪A2K605").plate)
        text.code = String(repeating: "x", count: 192)
        let shown = session.show(DisplayLayout.content(text, settings), at: now)
        let first = try #require(shown)
        for frame in first.frames { _ = card.receive(frame, at: now.uptime) }
        #expect(card.screen?.code == text.code)
        #expect(card.spoken.count == 1)
        // Whether it left the camera is not known yet, and already another text has come.
        let replaced = session.show(DisplayLayout.content(LaneText(.paid), settings), at: now)
        let second = try #require(replaced)
        for frame in second.frames { _ = card.receive(frame, at: now.uptime) }
        #expect(card.screen == nil)
        #expect(card.lines[0] == "缴费成功")
        for batch in [first, second] {
            #expect(batch.frames.count <= SerialBatch.maximumFrames)
            #expect(batch.frames.reduce(0) { $0 + $1.count } <= SerialBatch.maximumBytes)
        }
        _ = session.passed(second.token, .confirmed(at: now.uptime), at: now)
        now.uptime = now.uptime + .seconds(60)
        let repeated = session.timer(at: now)
        let third = try #require(repeated)
        #expect(third.frames.allSatisfy { $0[4] != 0xE1 })
    }

    @Test func `a code that waits for its camera is passed again before it ends`() throws {
        let made = try Self.withCodes()
        var session = made.session
        let settings = made.settings
        var now = now
        var text = LaneText(.pay)
        text.code = "https://pay.example/41"
        let shown = session.show(DisplayLayout.content(text, settings), at: now)
        let first = try #require(shown)
        _ = session.passed(first.token, .confirmed(at: now.uptime), at: now)
        now.uptime = now.uptime + settings.repeatInterval
        let repeated = session.timer(at: now)
        let again = try #require(repeated)
        var card = DisplayCardModel()
        for frame in again.frames { _ = card.receive(frame, at: now.uptime) }
        #expect(card.screen?.code == text.code)
        #expect(try #require(card.screen?.until) - now.uptime > settings.repeatInterval)
    }
}
