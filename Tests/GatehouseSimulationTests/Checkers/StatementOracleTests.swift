// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseSimulation

@Suite struct StatementOracleTests {
    private static func charged(_ number: Int64, income: Int64) -> Record {
        var one = record(number, "stayCharged") {
            $0.put("stay", number)
            $0.put("outcome", "owed")
            $0.put("owed", income)
            $0.put(
                "postings", objects: [("income.common.temp_parking", -income), ("assets.arrears", income)]
            ) { line, fields in
                fields.put("account", line.0)
                fields.put("amount", line.1)
            }
        }
        one.at.wall = WallTime(milliseconds: 1_772_438_400_000)
        return one
    }

    @Test func `a statement of other records is found`() throws {
        var oracle = StatementOracle(zone: .utc)
        let records = [Self.charged(1, income: 800), Self.charged(2, income: 400)]
        for record in records { oracle.durable(record, try Fields(record.payload)) }
        #expect(oracle.finish(records) == nil)
        #expect(oracle.finish(records.prefix(1))?.0 == "S7")
        #expect(oracle.finish(records + [Self.charged(3, income: 1)])?.0 == "S7")
    }
}
