// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse lane ACTION LANE`: what a person orders. Every order is recorded with name and reason.
struct LaneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lane", abstract: "Open, close, hold and release a lane.",
        subcommands: [
            Open.self, Close.self, Hold.self, Release.self, Emergency.self, Confirm.self, Refuse.self,
            SeenEmpty.self,
        ])

    struct Common: ParsableArguments {
        @Argument(help: "Name of the lane, as in the site file.") var lane: String
        @OptionGroup var reason: ReasonOptions
        @Flag(help: "You stand at the lane and see it.") var onSite = false
        @OptionGroup var options: SocketOptions

        func order(
            _ action: LaneRequest.Action, position: LaneRequest.Position? = nil, until: WallTime? = nil,
            way: TravelDirection? = nil, done: String
        ) throws {
            let request = LaneRequest(
                action: action, position: position, until: until, way: way,
                reason: try reason.validated().rawValue,
                note: reason.note, isOnSite: onSite)
            try options.order(.lane(name: lane, request), done: "lane \(lane): \(done)")
        }
    }

    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open once.")
        @OptionGroup var common: Common
        @Option(
            help: ArgumentHelp("Of a turnstile or a door: in or out; in when left out.", valueName: "way"))
        var way: Way?

        enum Way: String, ExpressibleByArgument, CaseIterable { case `in`, out }

        func run() throws {
            try common.order(
                .open, way: way.flatMap { TravelDirection(rawValue: $0.rawValue) },
                done: "order to open taken")
        }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close, if the close guard allows it.",
            discussion: "Never onto an occupied, unknown or suspect safety input, whoever asks (H-01).")
        @OptionGroup var common: Common
        func run() throws { try common.order(.close, done: "order to close taken") }
    }

    struct Hold: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pin the lane open or closed; kept over restarts until released.")
        @OptionGroup var common: Common
        @Argument(help: "open or closed.") var position: LaneRequest.Position = .open
        @Option(help: ArgumentHelp("Ends by itself then: 2h, 18:30, 2026-03-02T18:30.", valueName: "time"))
        var until: String?

        func run() throws {
            let end = try until.map { try LocalTime.parse($0, .future, option: "--until") }
            if let end, end <= LocalTime.now { throw CommandFailure(.usage, "--until lies in the past") }
            let zone = LocalTime.zone
            let text =
                end.map {
                    " until \(zone.civil($0).date.text) \(WatchLine.clock($0, zone).prefix(8))"
                } ?? " until released"
            try common.order(
                .hold, position: position, until: end, done: "held \(position.rawValue)\(text)")
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a hold, an emergency hold, a fault of the arm or, on site, a fire latch.")
        @OptionGroup var common: Common
        func run() throws { try common.order(.release, done: "released") }
    }

    struct Emergency: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open at once and hold for rescue; outranks interlock, holds and oncoming cars.")
        @OptionGroup var common: Common
        func run() throws { try common.order(.emergency, done: "open for an emergency") }
    }

    struct Confirm: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The waiting vehicle may pass.")
        @OptionGroup var common: Common
        func run() throws { try common.order(.confirm, done: "waiting vehicle confirmed") }
    }

    struct Refuse: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The waiting vehicle may not pass.")
        @OptionGroup var common: Common
        func run() throws { try common.order(.refuse, done: "waiting vehicle refused") }
    }

    struct SeenEmpty: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seen-empty",
            abstract: "You see that nothing stands in the lane: ends suspicion of its loops.")
        @OptionGroup var common: Common
        func run() throws { try common.order(.seenEmpty, done: "loops trusted again") }
    }
}

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Take over a changed site file; keep the old plan if it has errors.")

    @OptionGroup var options: SocketOptions

    func run() throws {
        try options.ask(.reload, as: ReloadResult.self) { result in
            (result.warnings + ["plan \(result.plan.prefix(12)) in force, record \(result.record)"])
                .joined(separator: "\n")
        }
    }
}

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send records upstream again, for a broker or a platform that lost its memory.")

    @OptionGroup var options: SocketOptions
    @Option(help: "The last record that upstream still has; 0 sends all that are kept.") var after: Int64

    func run() throws {
        try options.ask(.replay(after: after), as: OrderResult.self) { result in
            "records after \(after) go upstream again, record \(result.record)"
        }
    }
}

extension LaneRequest.Position: ExpressibleByArgument {}
