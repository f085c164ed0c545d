// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Where records go. `GatehouseStore` implements it on SQLite, the simulator on a disk that fails.
package protocol JournalPort: Sendable {
    /// Hands over records in order of their sequence. Never waits: results come back through the inbox as
    /// `.committed(through:)` or `.commitFailed`.
    func submit(_ records: [Record])
}
