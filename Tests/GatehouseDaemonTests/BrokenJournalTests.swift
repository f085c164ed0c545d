// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseTwins
import Testing

@testable import GatehouseDaemon

/// A gateway that finds a journal that is none.
@Suite(.timeLimit(.minutes(1))) struct BrokenJournalTests {
    @Test func `H-25 on half of a backup the gate still works, loudly, and no journal is begun`() async throws
    {
        let database = "journal.db"
        try await RunningGateway.with(prepare: { state in
            try await fillJournal(state, 200)
            let whole = try Data(contentsOf: URL(filePath: "\(state)/\(database)"))
            try whole.prefix(whole.count / 2).write(to: URL(filePath: "\(state)/\(database)"))
        }) { running in
            // Said with the first records, at the latest with the first order.
            let opened = try await running.ask(
                #"{"id":1,"request":"lane","lane":"north","action":"open","reason":"TEST"}"#)
            #expect(opened.last?.contains(#""code":"store""#) == true, "\(opened)")
            let faults = try await running.ask(#"{"id":1,"request":"faults"}"#).last ?? ""
            #expect(faults.contains(#""subject":"journal""#) && faults.contains("damaged"), "\(faults)")
            let events = try await running.ask(#"{"id":1,"request":"events","limit":9}"#).last ?? ""
            #expect(events.contains(#""code":"store""#), "\(events)")
            #expect(running.gateway.store.journal == nil)
        }
    }
}
