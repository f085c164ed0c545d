// SPDX-License-Identifier: Apache-2.0

/// Why a commit failed or the store cannot be used. The engine then follows the policy for a dead store
/// (people can leave, permits enter, unknown vehicles wait) and raises a loud fault.
package enum StoreFault: Error, Hashable, Sendable {
    case diskFull
    case readOnly
    /// A page or a chain that does not check; offers the first sequence affected when known.
    case corrupt(String)
    /// Another process writes it; who, and what to do.
    case inUse(String)
    /// Any other answer of SQLite or the kernel, with its words.
    case failed(String)
}

/// What the journal's writer thread says.
package enum JournalResult: Hashable, Sendable {
    case committed(through: Int64)
    /// Nothing after `after` is durable. The writer keeps the records and tries again by itself until it
    /// says `.committed`.
    case commitFailed(after: Int64, StoreFault)
}
