// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore
@testable import GatehouseDiagnostics

/// What `gatehouse ledger verify` says of a record that a ledger has signed and that no gateway of ours wrote.
@Suite struct ReceiptTextHostileTests {
    private static func proven(_ json: String) throws -> [BilingualText] {
        ReceiptText.proven(try Fields(Array(json.utf8)), zone: ZoneRules(name: "UTC", initialOffset: 0))
    }

    @Test func `a time beyond all times is no trap`() async {
        await #expect(processExitsWith: .success) {
            _ = try Self.proven(
                #"{"stay":2,"entry_s":0,"exit_s":9223372036854775807,"charge":{"status":"OK"}}"#)
        }
        await #expect(processExitsWith: .success) {
            _ = try Self.proven(
                #"{"stay":2,"entry_s":1,"exit_s":-9223372036854775808,"charge":{"status":"OK"}}"#)
        }
    }

    @Test func `a period beyond all periods is no trap`() async {
        await #expect(processExitsWith: .success) {
            _ = try Self.proven(
                #"{"stay":2,"charge":{"status":"OK","lines":[{"code":"CAP_CYCLE","#
                    + #""key":"c9223372036854775807","amount":0}]}}"#)
        }
    }

    @Test func `a bill that this version cannot read is not proven to be none`() throws {
        let lines = try Self.proven(
            #"{"stay":2,"charge":{"status":"PAY","fee":800,"due":800,"flags":["OF_TOMORROW"],"lines":[]}}"#)
        #expect(!lines.contains { $0.english == "no price: a person decides" }, "\(lines)")
    }
}
