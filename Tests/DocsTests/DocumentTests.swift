// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import Testing

@testable import gatehoused

@Suite struct DocumentTests {
    @Test func `the protocol document has every transcript, word for word`() throws {
        let page = try Repository.text("docs/diagnostics-protocol.md")
        let files = Repository.files(
            under: "Tests/GatehouseDiagnosticsTests/Transcripts", endingIn: [".jsonl"])
        #expect(files.count >= 5)
        for file in files {
            let transcript = try Repository.text(file)
            #expect(
                page.contains("```json\n\(transcript)```"), "\(file) is not in docs/diagnostics-protocol.md")
        }
    }

    @Test func `the protocol document has the groups and the version in force`() throws {
        let page = try Repository.text("docs/diagnostics-protocol.md")
        #expect(page.contains("Version \(DiagnosticProtocol.version)."))
        for authority in Authority.allCases { #expect(page.contains("| `\(authority.group)` |")) }
    }

    /// A comment that cites a section of a document that is not shipped helps nobody.
    @Test func `cited documents are there`() throws {
        let known = Set(
            Repository.files(under: "docs", endingIn: [".md"]).compactMap { $0.split(separator: "/").last })
        let files =
            Repository.files(under: "Sources", endingIn: [".swift"])
            + Repository.files(under: "hardware-profiles", endingIn: [".yaml"])
            + Repository.files(under: "docs", endingIn: [".md"]).filter { !$0.contains("decisions") }
        for file in files {
            for mention in try Repository.text(file).matches(of: /(?:[0-9]{4}-)?[a-z][a-z-]+\.md\b/)
            where mention.0 != "overview.md" && mention.0 != "rules.md" {
                #expect(known.contains(mention.0), "\(file) cites \(mention.0)")
            }
        }
    }

    @Test func `the unit file, its users and the program agree`() throws {
        let unit = try Repository.text("systemd/gatehouse.service")
        for line in [
            "Type=notify", "User=gatehouse", "Restart=always", "RestartPreventExitStatus=78",
            "StartLimitIntervalSec=0", "LimitRTPRIO=20", "StateDirectory=gatehouse",
            "RuntimeDirectory=gatehouse",
        ] { #expect(unit.contains("\n\(line)\n"), "\(line)") }
        #expect(unit.contains("\nWatchdogSec="))
        #expect(Paths.socket.hasPrefix("/run/gatehouse/"))
        let users = try Repository.text("systemd/gatehouse.sysusers")
        for authority in Authority.allCases {
            #expect(
                users.split(separator: "\n").contains {
                    $0.split(separator: " ").dropFirst().first == authority.group[...]
                })
        }
    }

    @Test func `the guard's page has a user, a unit and limits of its own`() throws {
        let unit = try Repository.text("systemd/gatehouse-booth.service")
        for line in [
            "User=gatehouse-booth", "SupplementaryGroups=\(Authority.guard.group)", "MemoryMax=128M",
            "LoadCredential=booth-guards:/etc/gatehouse/booth-guards", "NoNewPrivileges=yes",
            "ExecStart=/usr/bin/gatehouse-booth", "RestartPreventExitStatus=78",
        ] { #expect(unit.contains("\n\(line)\n"), "\(line)") }
        #expect(
            !unit.contains("User=gatehouse\n") && !unit.contains("Requires=") && !unit.contains("BindsTo="))
        #expect(BoothPlan().guards == "booth-guards")
        let users = try Repository.text("systemd/gatehouse.sysusers")
        #expect(users.contains("\nm gatehouse-booth \(Authority.guard.group)\n"))
        #expect(try Repository.text("Makefile").contains("systemd/gatehouse-booth.service"))
    }

    @Test func `the licence is whole`() throws {
        let licence = try Repository.text("LICENSE")
        #expect(licence.contains("Apache License"))
        #expect(licence.contains("END OF TERMS AND CONDITIONS"))
        #expect(licence.utf8.count > 10_000)
    }
}
