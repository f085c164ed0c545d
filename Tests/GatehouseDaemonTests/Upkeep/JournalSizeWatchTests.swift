// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseDaemon

@Suite struct JournalSizeWatchTests {
    @Test func `a journal that may not shrink is a fault once, until it has room again`() throws {
        var watch = JournalSizeWatch()
        #expect(watch.judge(bytes: 50_000_000, maximum: 50_000_000, waiting: 9) == nil)
        guard
            case .faultRaised(let code, .warning, let detail) = watch.judge(
                bytes: 51_000_000, maximum: 50_000_000, waiting: 9)
        else { throw Missing() }
        #expect(code == "journal_over_limit")
        #expect(detail.contains("51 MB") && detail.contains("50 MB") && detail.contains("9 records wait"))
        #expect(watch.judge(bytes: 90_000_000, maximum: 50_000_000, waiting: 9) == nil)
        #expect(
            watch.judge(bytes: 49_000_000, maximum: 50_000_000, waiting: 0)
                == .faultCleared(code: "journal_over_limit"))
    }

    @Test func `without a backlog the uplink is not blamed`() throws {
        var watch = JournalSizeWatch()
        guard case .faultRaised(_, _, let detail) = watch.judge(bytes: 2, maximum: 1, waiting: 0) else {
            throw Missing()
        }
        #expect(!detail.contains("uplink"))
    }

    private struct Missing: Error {}
}
