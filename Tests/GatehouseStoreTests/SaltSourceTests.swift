// SPDX-License-Identifier: Apache-2.0

@testable import GatehouseStore
import Testing

struct SaltSourceTests {
    @Test func `salts are sixteen bytes and none comes twice, across refills and sources`() {
        var first = SaltSource()
        var second = SaltSource()
        let salts = (0..<500).flatMap { _ in [first.next(), second.next()] }
        #expect(salts.allSatisfy { $0.count == 16 })
        #expect(Set(salts).count == 1_000)
    }
}
