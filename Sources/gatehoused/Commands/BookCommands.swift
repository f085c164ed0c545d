// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// `gatehouse permit`: rights to pass, until upstream delivers them.
struct PermitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permit", abstract: "Rights to pass.",
        subcommands: [Add.self, Guest.self, End.self, Show.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a permit; in force within a second.",
            discussion: "A household that is not known yet is made, with --spaces cars inside at once.")

        @Argument(help: "Plate, or card as em40:2A00617A69, em32:0006388329, em24:097,31337.") var plate:
            String
        @Option(help: ArgumentHelp("Household, as 3-1-502.", valueName: "name"))
        var household: String?
        @Option(help: ArgumentHelp("Cars of a new household that may be inside at once.", valueName: "n"))
        var spaces: Int?
        @Option(help: ArgumentHelp("Whose it is, for the desk.", valueName: "text"))
        var holder = ""
        @Option(help: ArgumentHelp("First day, 2026-03-02.", valueName: "date"))
        var from: String?
        @Option(help: ArgumentHelp("Last day, 2026-12-31.", valueName: "date"))
        var to: String?
        @Option(help: ArgumentHelp("Only into this area; may be given again.", valueName: "name"))
        var area: [String] = []
        @Option(help: ArgumentHelp("in, out or both.", valueName: "way"))
        var direction: Direction = .both
        @Option(
            help: ArgumentHelp("Weekly windows, \"Mon-Fri 07:00-19:00; Sat 08:00-12:00\".", valueName: "text")
        )
        var windows: String?
        @Flag(help: "Cuts the rights of other permits of this vehicle or card instead of giving one.")
        var deny =
            false
        @OptionGroup var options: SocketOptions

        enum Direction: String, ExpressibleByArgument, CaseIterable { case `in`, out, both }

        func run() throws {
            var permit = Permit(
                id: 0, credential: try CredentialArgument.new(plate), areas: area.isEmpty ? nil : area,
                direction: Permit.Direction(rawValue: direction.rawValue) ?? .both,
                validFrom: try from.map { try LocalTime.date($0, option: "--from") },
                validTo: try to.map { try LocalTime.date($0, option: "--to") },
                windows: try windows.map(WindowsArgument.parse), isDenial: deny, holder: holder)
            try BookDoubts.ordered(permit.validFrom, permit.validTo)
            var session = try Session(path: options.socket)
            // A household may be that of others.
            let which = household == nil ? permit.credential.text : nil
            let known = try Session.read(try session.ask(.permit(.show(plate: which))), as: PermitResult.self)
            if let household {
                permit.household = try PermitCommand.number(of: household, spaces, known, over: &session)
            }
            try BookDoubts.duplicate(permit, among: known.permits)
            try options.order(.permit(.set(permit)), done: "permit for \(permit.credential.shown) in force")
        }
    }

    struct Guest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "visit", abstract: "A resident's visitor may come, and parks free for a while.",
            discussion: """
                Free from its entry for --minutes, or to the end of the visit without them; beyond that it pays like any \
                vehicle. It may come half an hour early, and as often as it likes or --entries times: after that many \
                it comes in as any vehicle does, if at all. Whoever is inside may always leave.
                """)

        @Argument(help: "Plate.") var plate: String
        @Option(help: ArgumentHelp("Whom it visits, as 3-1-502.", valueName: "name"))
        var household: String
        @Option(help: ArgumentHelp("Begins then: 14:00, 2026-03-02; now when left out.", valueName: "time"))
        var from: String?
        @Option(help: ArgumentHelp("May come no more then: 4h, 18:00, 2026-03-03.", valueName: "time"))
        var until: String
        @Option(help: ArgumentHelp("Free for so long from its entry.", valueName: "minutes"))
        var minutes: Int?
        @Option(help: ArgumentHelp("May come in so often; no limit when left out.", valueName: "times"))
        var entries: Int?
        @Option(help: ArgumentHelp("Whose it is, for the desk.", valueName: "text"))
        var holder = ""
        @OptionGroup var options: SocketOptions

        func run() throws {
            let start = try from.map { try LocalTime.parse($0, .future, option: "--from") } ?? LocalTime.now
            let end = try LocalTime.parse(until, .future, option: "--until")
            try BookDoubts.ordered(start, end)
            try Self.within(Visit.longestMinutes, minutes, option: "--minutes")
            try Self.within(Visit.mostEntries, entries, option: "--entries")
            var permit = Permit(
                id: 0, plate: try PlateArgument.new(plate), holder: holder,
                visit: Visit(from: start, to: end, minutes: minutes, entries: entries))
            var session = try Session(path: options.socket)
            let known = try Session.read(try session.ask(.permit(.show(plate: nil))), as: PermitResult.self)
            permit.household = try PermitCommand.number(of: household, nil, known, over: &session)
            try options.order(
                .permit(.set(permit)), done: "\(permit.credential.shown) may visit \(household)")
        }

        private static func within(_ most: Int, _ value: Int?, option: String) throws {
            guard let value, !(1...most).contains(value) else { return }
            throw CommandFailure(.usage, "\(option): use 1 to \(most), not \(value)")
        }
    }

    /// Of the household with this name, made now when there is none.
    private static func number(
        of name: String, _ spaces: Int?, _ known: PermitResult, over session: inout Session
    ) throws -> Int64 {
        if let known = known.households.first(where: { $0.name == name }) { return known.id }
        let change = DirectoryChange.householdSet(Household(id: 0, name: name, spaces: spaces))
        let bytes = try session.ask(.importDirectory(file: "permit add", changes: [change]))
        return try Session.read(bytes, as: OrderResult.self).record
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a permit now; it never comes back.")
        @Argument(help: "Number of the permit, from permit show.") var number: Int64
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.order(
                .permit(.end(number, reason: try reason.text())), done: "permit \(number) ended")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Permits of a plate or card, or all.")
        @Argument(help: "Plate or card; all when left out.") var plate: String?
        @OptionGroup var options: SocketOptions

        func run() throws {
            let plate = try plate.map { try CredentialArgument.parse($0).text }
            try options.ask(.permit(.show(plate: plate)), as: PermitResult.self) {
                BookText.text($0, zone: LocalTime.zone)
            }
        }
    }
}

/// `gatehouse list`: block, watch, allow and emergency.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Block, watch, allow and emergency lists.",
        subcommands: [Add.self, End.self, Show.self])

    struct Add: ParsableCommand {
        enum List: String, ExpressibleByArgument, CaseIterable { case block, watch, allow, emergency }

        static let configuration = CommandConfiguration(
            abstract: "Put a plate on a list; in force within a second.",
            discussion:
                "allow needs --until and --owner, emergency --owner; --both-ways needs --document.")

        @Argument(help: "block, watch, allow or emergency.") var list: List
        @Argument(help: "Plate.") var plate: String
        @Option(help: ArgumentHelp("Why, as a short word. Never shown at a lane.", valueName: "word"))
        var reason: String
        @Option(help: ArgumentHelp("Begins then: 07:30, 2026-03-02; now when left out.", valueName: "time"))
        var from: String?
        @Option(help: ArgumentHelp("No longer holds then: 30d, 2026-12-31.", valueName: "time"))
        var until: String?
        @Option(help: ArgumentHelp("Who answers for an entry that opens.", valueName: "name"))
        var owner: String?
        @Option(
            help: ArgumentHelp("Number of the police request that --both-ways rests on.", valueName: "number")
        )
        var document: String?
        @Flag(help: "Of block: refuse the exit too.") var bothWays = false
        @OptionGroup var options: SocketOptions

        func run() throws {
            let entry = ListEntry(
                id: 0, list: ListEntry.List(rawValue: list.rawValue) ?? .watch,
                plate: try PlateArgument.new(plate),
                effectiveFrom: try from.map { try LocalTime.parse($0, .future, option: "--from") }
                    ?? LocalTime.now,
                effectiveTo: try until.map { try LocalTime.parse($0, .future, option: "--until") },
                reason: reason, author: "", variant: bothWays ? .denyBoth : .denyEntry, document: document,
                owner: owner)
            switch entry.problem {
            case .denyBothWithoutDocument:
                throw CommandFailure(.usage, "--both-ways keeps a car inside", hint: "--document NUMBER")
            case .allowWithoutExpiry: throw CommandFailure(.usage, "allow has no end", hint: "--until 30d")
            case .withoutOwner:
                throw CommandFailure(.usage, "nobody answers for \(list.rawValue)", hint: "--owner NAME")
            case nil: break
            }
            try BookDoubts.ordered(entry.effectiveFrom, entry.effectiveTo)
            var session = try Session(path: options.socket)
            let known = try Session.read(try session.ask(.list(.show)), as: ListResult.self)
            try BookDoubts.duplicate(entry, among: known.entries)
            try options.order(.list(.set(entry)), done: "\(entry.plate.text) on the \(list.rawValue) list")
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End an entry now.")
        @Argument(help: "Number of the entry, from list show.") var number: Int64
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.order(.list(.end(number, reason: try reason.text())), done: "entry \(number) ended")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All entries, ended ones too.")
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.list(.show), as: ListResult.self) { BookText.text($0, zone: LocalTime.zone) }
        }
    }
}
