// SPDX-License-Identifier: Apache-2.0

/// How one car left the exit, as it was played: laid beside the journal and the books at the end.
struct Sale: Sendable {
    struct Payment: Hashable, Sendable {
        /// As the records have it.
        let way: String
        let fen: Int64
    }

    let plate: String
    /// What the stay cost, in fen, whoever paid it.
    let price: Int64
    /// Of it alone, in their order.
    let payments: [Payment]
    /// Of the record that ends the stay in money.
    let outcome: String
}
