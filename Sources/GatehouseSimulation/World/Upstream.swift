// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The far end of the outbox: a cursor over the durable journal, a line that loses and repeats, and a
/// receiver that knows records by number.
struct Upstream {
    /// Records confirmed by the far end.
    private(set) var cursor = 0
    private(set) var received: Int64 = 0

    /// Sends what is past the cursor. Answers what the receiver finds wrong.
    mutating func pump(_ durable: [Disk.Durable], _ random: inout Random) -> [String] {
        var problems: [String] = []
        let batch = durable[cursor...].prefix(200)
        for one in batch {
            let number = one.record.sequence.number
            if random.chance(1, in: 50) { return problems }
            if number > received + 1 { problems.append("upstream got record \(number) after \(received)") }
            received = max(received, number)
            // The receipt is lost: the same record comes again.
            if random.chance(1, in: 50) { return problems }
            cursor += 1
        }
        return problems
    }
}
