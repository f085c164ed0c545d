// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CGatehouseSystem
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseTransport
import Glibc

struct ClockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "How far the clock is believed, who says otherwise; set it.",
        subcommands: [Show.self, Set.self], defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Network time, battery clock, and the cameras' clocks as a second opinion.")

        @OptionGroup var options: SocketOptions

        func run() throws {
            try options.ask(.clock(.show), as: ClockResult.self) {
                ClockText.text($0, zone: LocalTime.zone)
            }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set system clock and battery clock where no network does; recorded first. Needs root.",
            discussion: """
                The time is read in this terminal's zone unless it says another, and means the moment at which \
                you press Enter:
                  sudo gatehouse clock set "2026-03-02 08:31:00" --reason OTHER --note "no network yet"
                """)

        @Argument(help: "A time of today, a date with a time, or RFC 3339.") var time: String
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: SocketOptions

        func run() throws {
            let start = SystemClock().now()
            let zone = LocalTime.zone
            guard time.contains(":"),
                let wanted = TimeExpression.parse(time, now: start.wall, zone: zone, sense: .future)
            else {
                throw CommandFailure(
                    .usage, "\"\(time)\" is no time", hint: "08:31:00, or \"2026-03-02 08:31:00\"")
            }
            guard geteuid() == 0 else {
                throw CommandFailure(
                    .notAllowed, "only root may set the clock of this machine",
                    hint: "sudo gatehouse clock set …")
            }
            try options.order(
                .clock(.set(wanted, reason: try why.text())), done: "in the journal before it is set")
            let due = wanted + (SystemClock().uptime() - start.uptime)
            let answer = gh_clock_set(due.milliseconds)
            guard answer == 0 else {
                throw CommandFailure(
                    .notAllowed, "the clock cannot be set: \(errorText(-answer))",
                    hint: "a container has none of its own; set it on the machine")
            }
            Output.error("the clock is set to \(due.rfc3339)")
            setBattery(due)
        }

        /// Without it the time is lost at the next power cut; a board without one is no failure.
        private func setBattery(_ due: WallTime) {
            let path = "/dev/rtc0"
            let answer = unsafe gh_rtc_set(path, due.milliseconds / 1000)
            switch answer {
            case 0: Output.error("and \(path)")
            case -ENOENT: Output.error("this board has no battery clock: a power cut loses the time")
            default: Output.error("\(path) cannot be set: \(errorText(-answer))")
            }
        }
    }
}
