// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import Glibc

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Records of the journal, oldest first.",
        discussion: "Without --since and --after: the newest. With --json one object per line.")

    @Option(
        help: ArgumentHelp(
            "Not older than this: 10m, 2h, 3d, 07:30, 2026-03-02, RFC 3339.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("After the record of this number.", valueName: "number"))
    var after: Int64?
    @Option(
        help: "Only of this kind, such as accessDenied; may be given again.", completion: .list(Fact.kinds))
    var kind: [String] = []
    @Option(help: ArgumentHelp("At most so many, 1 to \(EventQuery.maximumLimit).", valueName: "n"))
    var limit = 100
    @Flag(help: "Then go on with new ones until Ctrl-C.") var follow = false
    @OptionGroup var options: SocketOptions

    private static let pause: UInt32 = 500_000

    func validate() throws {
        guard (1...EventQuery.maximumLimit).contains(limit) else {
            throw ValidationError("--limit is 1 to \(EventQuery.maximumLimit)")
        }
        for kind in kind where !Fact.kinds.contains(kind) {
            throw ValidationError(
                "--kind: \"\(kind)\" is none; use one of \(Fact.kinds.joined(separator: ", "))")
        }
        if let after, after < 0 { throw ValidationError("--after is the number of a record, or 0") }
    }

    func run() throws {
        var session = try Session(path: options.socket)
        let time = try since.map { try LocalTime.parse($0, .past, option: "--since") }
        var query = EventQuery(after: after, since: time, kinds: kind, limit: limit)
        let zone = LocalTime.zone
        while true {
            let bytes = try session.ask(.events(query)) { event in
                if options.output.json { return Output.json(event) }
                Output.line(WatchLine.text(try Session.read(event, as: EventLine.self).record, zone: zone))
            }
            let result = try Session.read(bytes, as: EventsResult.self)
            guard follow else {
                if result.hasMore, !options.output.json {
                    Output.error("more: gatehouse events --after \(result.last)")
                }
                return
            }
            query.after = max(result.last, query.after ?? 0)
            query.since = nil
            query.limit = EventQuery.maximumLimit
            if !result.hasMore { usleep(Self.pause) }
        }
    }
}
