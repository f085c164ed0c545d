// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import gatehoused

@Suite struct CollectionCommandsTests {
    /// An order by a code needs the code, and nobody types one.
    @Test(arguments: ["scanned_code", "cash", "stored_value", "x"])
    func `a person has an order made for a plate or a tag alone`(_ way: String) throws {
        let command = try ChargeCommand.Collect.parse(["south", "--way", way])
        #expect(throws: ValidationError.self) { try command.run() }
    }
}
