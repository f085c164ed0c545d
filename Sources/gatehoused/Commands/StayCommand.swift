// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import Glibc

/// `gatehouse stay`: who is inside, and what a guard puts right. Both readings of a correction are kept.
struct StayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stay", abstract: "Who is inside; corrections, with name and reason.",
        subcommands: [
            List.self, Show.self, Correct.self, Match.self, Close.self, Claim.self, Import.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open stays, and exits without an entry with the stays they may have been.")
        @Flag(help: "Also those to review and those suspected of having left.") var all = false
        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.stay(.list(all: all)), as: StayListResult.self) {
                BookText.text($0, zone: LocalTime.zone)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One stay: how it came in, both readings, and all that was said about it since.")
        @Argument(help: StayArgument.help) var stay: StayArgument
        @OptionGroup var options: SocketOptions

        func run() throws {
            let number = try stay.number(options)
            try options.ask(.stay(.show(number)), as: StayResult.self) {
                BookText.text($0, zone: LocalTime.zone)
            }
        }
    }

    struct Correct: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The plate was read wrongly.")
        @Argument(help: StayArgument.help) var stay: StayArgument
        @Argument(help: "What stands on the car.") var plate: String
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let plate = try PlateArgument.parse(plate).text
            let number = try stay.number(options)
            let request = StayRequest.correct(number, plate: plate, reason: try reason.text())
            try options.order(.stay(request), done: "stay \(number) is \(plate)")
        }
    }

    struct Match: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "An exit without an entry was this stay's.")
        @Argument(help: StayArgument.help) var stay: StayArgument
        @Argument(help: "Record of the exit, from stay list.") var exit: Int64
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let number = try stay.number(options)
            let request = StayRequest.match(number, with: exit, reason: try reason.text())
            try options.order(.stay(request), done: "stay \(number) ended by exit \(exit)")
        }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The vehicle has left, by your word.")
        @Argument(help: StayArgument.help) var stay: StayArgument
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let number = try stay.number(options)
            let request = StayRequest.close(number, reason: try reason.text())
            try options.order(.stay(request), done: "stay \(number) closed")
        }
    }

    struct Claim: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "An unidentified stay is this plate's.")
        @Argument(help: StayArgument.help) var stay: StayArgument
        @Argument(help: "What stands on the car.") var plate: String
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let plate = try PlateArgument.parse(plate).text
            let number = try stay.number(options)
            let request = StayRequest.claim(number, plate: plate, reason: try reason.text())
            try options.order(.stay(request), done: "stay \(number) is \(plate)")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Book cars that are inside on the day of the change-over.",
            discussion: "Plates as arguments, or one a line on standard input when none is given.")
        @Argument(help: "Name of the area.") var area: String
        @Argument(help: "Plates.") var plates: [String] = []
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            var texts = plates
            if texts.isEmpty { while let line = readLine() { texts.append(line) } }
            let typed = texts.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
            guard !typed.isEmpty else { throw CommandFailure(.usage, "no plates given") }
            let known = try typed.map { try PlateArgument.parse($0).text }
            let reason = try reason.text()
            for start in stride(from: 0, to: known.count, by: ImportPlan.chunk) {
                let chunk = Array(known[start..<min(start + ImportPlan.chunk, known.count)])
                let request = StayRequest.import(area: area, plates: chunk, reason: reason)
                try options.order(.stay(request), done: "\(chunk.count) cars booked into \(area)")
            }
        }
    }
}

struct AreaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "area", abstract: "What is counted.", subcommands: [Recount.self])

    struct Recount: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "You counted the cars: settles exits without an entry.")
        @Argument(help: "Name of the area.") var area: String
        @Argument(help: "Cars that stand there.") var cars: Int
        @OptionGroup var reason: ReasonOptions
        @OptionGroup var options: SocketOptions

        func validate() throws {
            if cars < 0 { throw ValidationError("a count is not below zero") }
        }

        func run() throws {
            let request = DiagnosticRequest.recount(area: area, cars: cars, reason: try reason.text())
            try options.order(request, done: "area \(area): \(cars) cars counted")
        }
    }
}
