// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CGatehouseSystem
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import GatehouseStore
import Glibc

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Records of money and stays, for tools of one's own.",
        discussion: """
            jsonl: a record in a line, all that a statement is made of. csv: a posting in a line. A plate stands there \
            under a name that is made anew for each export: who comes often can be seen, who it is cannot.
            """)

    @Option(
        help: ArgumentHelp(
            "Not older than this; without it, all: 3d, 2026-03-02, RFC 3339.", valueName: "time"))
    var since: String?
    @Option(
        help: ArgumentHelp("jsonl or csv.", valueName: "format"),
        completion: .list(JournalExport.Format.allCases.map(\.rawValue)))
    var format: JournalExport.Format = .jsonl
    @Flag(help: "With the plates; for root and the group gatehouse-tech.") var plates = false
    @OptionGroup var journal: JournalOptions

    func run() throws {
        if plates, !Self.maySeePlates {
            throw CommandFailure(
                .notAllowed, "--plates is for root and the group \(Authority.technician.group)",
                hint: "without it plates have names of this export")
        }
        let time = try since.map { try LocalTime.parse($0, .past, option: "--since") }
        // The key ends with the process: nobody can ask it later which car was which.
        let key = (0..<32).map { _ in UInt8.random(in: 0...255) }
        let export = JournalExport(format, hidingPlates: plates ? nil : PlatePseudonyms(key: key))
        try journal.read { reader throws(StoreFault) in
            try export.run(reader, since: time) { Output.bytes($0) }
        }
    }

    private static var maySeePlates: Bool {
        if getuid() == 0 { return true }
        let answer = unsafe gh_user_in_group(getuid(), getgid(), Authority.technician.group)
        return answer == 1
    }
}

extension JournalExport.Format: ExpressibleByArgument {}
