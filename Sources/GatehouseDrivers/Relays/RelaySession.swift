// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The conversation with something that has outputs and inputs, as whoever carries out commands sees it. How it hears
/// of its line is each kind's own. Nothing here waits. Call `timer` at `nextTimer`; instants never go back.
package protocol RelaySession: Sendable {
    var nextTimer: Uptime? { get }

    mutating func send(_ command: RelayCommand, at now: Uptime) -> [RelayOutput]
    /// Any queued close of this output dies now (`lanes.md` §3.2).
    mutating func withdrawClose(channel: Int, reason: String, at now: Uptime) -> [RelayOutput]
    mutating func timer(at now: Uptime) -> [RelayOutput]
    /// The output is wanted closed until further notice.
    func isMaintained(_ channel: Int) -> Bool
    /// Closed from the first exchange on, as another session left it; before the line is open.
    mutating func maintain(_ channel: Int)
}
