// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
import GatehouseSimulation
import GatehouseTwins
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// A code from a lane's text over the bytes of a real tty into the card's model, drawn there by qrencode as the card would
/// draw it and read back by zbar as a phone would read it. Neither is ours.
@Suite struct QRPeerTests {
    private static let template = "https://pay.example/p?order={quote}&stay={stay}&fen={due}"

    private struct Quiet: Doorbell { func ring() {} }

    @Test(arguments: [("32", 3), ("49", 8)])
    func `the code on the board is the quote's, read back by a foreign reader`(
        _ dots: String, _ version: Int
    ) async throws {
        let twin = try DisplayTwin()
        defer { twin.stop() }
        twin.start()
        let services = Self.services(twin.path, dots)
        services.start()
        let plate = PlateGrammar.parse("沪A2K605").plate
        var texts: [String] = []
        for (quote, due) in [("41", "800"), ("44", "1000")] {
            let filled = try CodeTemplate(Self.template).filled { place in
                switch place {
                case .quote: quote
                case .stay: "7"
                case .due: due
                case .site, .lane: ""
                }
            }
            let wanted = try #require(filled)
            var text = LaneText(.pay, plate: plate)
            text.code = wanted
            services.show(text, at: LaneID(0))
            let shown = try await awaiting("the code \(wanted)", within: .seconds(20)) {
                twin.with { $0.screen?.code == wanted ? $0.screen : nil }
            }
            #expect(shown.isLarge == (dots == "49"))
            #expect(shown.words.hasPrefix("沪A2K605"))
            texts.append(try Self.readBack(shown.code, version: version))
        }
        #expect(
            texts == [
                "https://pay.example/p?order=41&stay=7&fen=800",
                "https://pay.example/p?order=44&stay=7&fen=1000",
            ])
        services.show(LaneText(.paid, plate: plate), at: LaneID(0))
        try await awaiting("the code is gone", within: .seconds(20)) {
            twin.with { $0.screen == nil && $0.lines[0] == "沪A2K605" } ? true : nil
        }
        await services.stop()
    }

    /// What the driver says that the dots of a card hold is what a symbol of that version holds, and no byte more.
    @Test(arguments: [(3, 53), (8, 192)]) func `a symbol holds as much as the driver sends and no more`(
        _ version: Int, _ room: Int
    ) throws {
        let full = String(repeating: "a", count: room)
        #expect(try Self.readBack(full, version: version) == full)
        let image = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: image) }
        #expect(try Self.run("qrencode", Self.drawing(full + "a", version, image)).status != 0)
    }

    private static func services(_ path: String, _ dots: String) -> DeviceServices {
        var plan = SitePlan(id: "peer")
        plan.areas = [AreaPlan(name: "main")]
        plan.lanes = [LanePlan(name: "south", kind: .exit, area: AreaID(0), closing: .guard)]
        plan.devices = [
            DevicePlan(
                name: "card", profile: "p", driver: "led-card-64", address: path,
                settings: Table([("qr", dots)]))
        ]
        plan.displays = [DisplayWire(device: DeviceID(0), lane: LaneID(0))]
        let inbox = Inbox(bell: Quiet())
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shared = CameraService.Shared(
            loop: loop, clock: SystemClock(), inbox: inbox, replies: Replies(),
            pictures: PictureKeeper(inbox: inbox) { _ in }, captures: CaptureRing())
        return DeviceServices(plan: plan, memory: SiteMemory(), io: loop, shared: shared)
    }

    // MARK: Foreign programs

    private static func readBack(_ text: String, version: Int) throws -> String {
        let image = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: image) }
        let drawn = try run("qrencode", drawing(text, version, image))
        try #require(drawn.status == 0, "qrencode: \(drawn.said)")
        let read = try run("zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", image.path()])
        try #require(read.status == 0, "zbarimg: \(read.status)")
        return read.said.trimmingCharacters(in: .newlines)
    }

    /// In bytes and at the lowest level of correction, of exactly this version.
    private static func drawing(_ text: String, _ version: Int, _ image: URL) -> [String] {
        [
            "-8", "-l", "L", "--strict-version", "-v", "\(version)", "-s", "4", "-o", image.path(), "--",
            text,
        ]
    }

    private static func run(_ program: String, _ words: [String]) throws -> (status: Int32, said: String) {
        let path = "/usr/bin/\(program)"
        try #require(
            FileManager.default.isExecutableFile(atPath: path), "no \(path): `make deps` installs it")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = words
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
