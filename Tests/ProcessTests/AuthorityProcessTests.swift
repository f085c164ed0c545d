// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseTwins
import Glibc
import Testing

/// Who may do what, by the groups that the kernel says the other end has. The daemon runs with a group file of
/// its own, in a mount namespace of its own, and the command as a user who is nothing else: both need root.
extension GatewayProcessTests {
    private enum Groups {
        static let numbers = ["gatehouse": 7101, "gatehouse-guard": 7102, "gatehouse-tech": 7103]
        static let none = 7999

        static func client(_ group: Int) -> [String] {
            ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "\(group)", "--clear-groups", "--"]
        }

        static func daemon(_ file: String) -> [String] {
            let script = #"mount --bind "$0" /etc/group && exec "$@""#
            return ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, file]
        }

        /// Root, and the machine lets it make mount namespaces and run our program as somebody else.
        static let canBePlayed: Bool = {
            let scratch = FileManager.default.temporaryDirectory.path
            func works(_ words: [String]) -> Bool {
                let end = try? ChildProgram.run(words[0], Array(words.dropFirst()), scratch: scratch)
                return end?.isSuccess ?? false
            }
            let program = "\(TestSite.programs.folder)/gatehoused"
            return getuid() == 0 && works(daemon("/etc/group") + ["/bin/true"])
                && works(client(none) + [program, "--version"])
        }()
    }

    @Test(.enabled(if: Groups.canBePlayed)) func `groups decide who looks, who opens and who changes`() throws
    {
        try TestSite.with { site in
            let file = TextFile("\(site.folder)/group")
            let others = try TextFile("/etc/group").read().split(separator: "\n")
                .filter { !$0.hasPrefix("gatehouse") }
            let ours = Groups.numbers.map { "\($0.key):x:\($0.value):" }
            try file.write((others.map(String.init) + ours).joined(separator: "\n") + "\n")
            for folder in [site.folder, "\(site.folder)/bin"] {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            }
            try site.startDaemon(through: Groups.daemon(file.path))
            let listed = try site.gatehouse("list", "add", "block", "沪D99999", "--reason", "damaged-barrier")
            #expect(listed.isSuccess, "\(listed.errors)")

            func ask(_ group: String?, _ words: String...) throws -> ChildProgram.Finished {
                let number = group.flatMap { Groups.numbers[$0] } ?? Groups.none
                return try site.gatehouse(words, through: Groups.client(number))
            }
            let why = ["--reason", "TEST"]
            let open = ["lane", "open", "north"] + why
            let stranger = try ask(nil, "status")
            #expect(stranger.status == 77 && stranger.errors.contains("none of the groups"))

            #expect(try ask("gatehouse", "status").isSuccess)
            #expect(try ask("gatehouse", "lane", "open", "north", "--reason", "TEST").status == 77)
            #expect(try ask("gatehouse", "stay", "close", "1", "--reason", "TEST").status == 77)
            #expect(try ask("gatehouse", "capture", "camera-north").status == 77)
            let entry = try #require(try site.records().first { $0.kind == "listEntrySet" })
            for words in [
                ["list", "show"], ["events", "--kind", "listEntrySet", "--json"],
                ["explain", "\(entry.number)", "--json"],
            ] {
                let observer = try site.gatehouse(words, through: Groups.client(7101))
                #expect(observer.isSuccess && observer.output.contains("沪D99999"))
                #expect(!observer.output.contains("damaged-barrier"))
                let guardian = try site.gatehouse(words, through: Groups.client(7102))
                #expect(guardian.output.contains("damaged-barrier"))
            }

            try watch(site, as: Groups.client(7101))

            let opened = try site.gatehouse(open, through: Groups.client(7102))
            #expect(opened.isSuccess, "\(opened.errors)")
            #expect(try ask("gatehouse-guard", "permit", "add", "沪A12345").status == 77)
            let hold = try ask("gatehouse-guard", "lane", "hold", "north", "--reason", "TEST")
            #expect(hold.status == 77)
            let documented = try Transcribed.error("lane.jsonl", 3)
            #expect(hold.errors == documented.replacing("adduser li", with: "adduser nobody"))

            #expect(try ask("gatehouse-tech", "lane", "hold", "north", "--reason", "TEST").isSuccess)
            #expect(try ask("gatehouse-tech", "lane", "release", "north", "--reason", "TEST").isSuccess)
            #expect(try ask("gatehouse-tech", "permit", "add", "沪A12345").isSuccess)
            #expect(try ask("gatehouse-tech", "verify").isSuccess)

            let orders = try site.records().filter { $0.kind == "manualOpen" || $0.kind == "holdStarted" }
            let names = orders.map { (try? $0.data.objectIfPresent("by"))?.text("name") }
            #expect(names == ["nobody", "nobody"])
        }
    }

    /// Lines as they are made tell an observer no more than the journal does.
    private func watch(_ site: TwinSite, as client: [String]) throws {
        let seen = TextFile("\(site.folder)/watched")
        let words = client + [site.command, "watch", "--json", "--socket", site.socket]
        let watcher = try seen.appending {
            try ChildProgram.start(words[0], Array(words.dropFirst()), output: $0, errors: $0)
        }
        defer {
            watcher.kill(SIGKILL)
            _ = watcher.wait(within: .seconds(2))
        }
        try waiting(for: "somebody to watch", within: .seconds(5)) { () -> Bool? in
            let status = try Fields(Array(try site.gatehouse("status", "--json").output.utf8))
            return try status.object("process").int("watchers") == 1 ? true : nil
        }
        _ = try site.gatehouse("list", "add", "block", "沪D88888", "--reason", "damaged-barrier")
        try waiting(for: "the entry to be seen", within: .seconds(5)) {
            seen.text.contains("沪D88888") ? true : nil
        }
        #expect(seen.text.hasPrefix(#"{"v":1,"#) && !seen.text.contains("damaged-barrier"))
    }
}

/// What the protocol's document says the daemon answers.
enum Transcribed {
    /// As the command prints the error with this id.
    static func error(_ file: String, _ id: Int) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = folder.path + "/GatehouseDiagnosticsTests/Transcripts/" + file
        for line in try TextFile(path).read().split(separator: "\n") {
            let fields = try Fields(Array(line.utf8))
            guard fields.has("error"), try fields.int("id") == id else { continue }
            let error = try fields.object("error")
            let hint = try error.stringIfPresent("try").map { "  try: \($0)\n" } ?? ""
            return "gatehouse: \(try error.string("message"))\n\(hint)"
        }
        throw TwinError("\(file) has no error \(id)")
    }
}
