// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseStore
import GatehouseTwins
import Testing

@testable import GatehouseDaemon

/// A stay that has left the book is told from the journal.
@Suite(.timeLimit(.minutes(1))) struct StayStoryTests {
    private func result(_ running: RunningGateway, _ members: String) async throws -> Fields {
        let line = try #require(try await running.ask(#"{"id":1,"request":"stay",\#(members)}"#).last)
        let fields = try Fields(Array(line.utf8))
        guard fields.has("result") else { throw TwinError(line) }
        return try fields.object("result")
    }

    @Test func `a finished stay shows how it came in, what was corrected, and how it ended`() async throws {
        try await RunningGateway.with { running in
            let why = #""reason":"READ_ERROR""#
            let made = try await result(
                running, #""action":"import","area":"main","plates":["沪A12345"],\#(why)"#)
            let id = try made.integer("record")
            _ = try await result(running, #""action":"correct","stay":\#(id),"plate":"苏E77K08",\#(why)"#)
            let open = try await result(running, #""action":"show","stay":\#(id)"#)
            _ = try await result(running, #""action":"close","stay":\#(id),\#(why)"#)
            // The next car is another story.
            _ = try await result(running, #""action":"import","area":"main","plates":["沪B8D602"],\#(why)"#)
            let closed = try await result(running, #""action":"show","stay":\#(id)"#)

            let (before, after) = (
                try Stay(from: try open.object("stay")), try Stay(from: try closed.object("stay"))
            )
            #expect(before.state == .open && after.state == .releasedByHand)
            #expect(after.plate?.text == "苏E77K08" && after.opening == before.opening)
            #expect(after.corrections == before.corrections && after.corrections.count == 1)
            #expect(after.flags.starts(with: before.flags) && after.exit?.lane == nil)
            let kinds = try closed.objects("records").map { try $0.string("kind") }
            #expect(kinds == ["stayImported", "stayCorrected", "stayClosed"])
        }
    }

    @Test func `a record that opened no stay is none`() async throws {
        try await RunningGateway.with { running in
            let line = try await running.ask(#"{"id":1,"request":"stay","action":"show","stay":1}"#).last
            #expect(line?.contains("record 1 opened no stay") == true, "\(line ?? "")")
            #expect(line?.contains("not_found") == true)
        }
    }
}
