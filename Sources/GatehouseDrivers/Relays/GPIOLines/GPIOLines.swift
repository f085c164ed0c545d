// SPDX-License-Identifier: Apache-2.0

/// Requested lines of a chip. A line is read and set within the call, so the session is handed the lines themselves:
/// there is no answer to wait for.
package protocol GPIOLines: AnyObject, Sendable {
    /// The chip reports changes of its inputs; else they are looked at as often as a board's.
    var hasEdges: Bool { get }
    /// Channel 1 is the first line. Active: the relay is closed.
    func set(_ channel: Int, _ isActive: Bool) throws(GPIOTrouble)
    func outputs() throws(GPIOTrouble) -> [Bool]
    /// Active: the contact is closed.
    func inputs() throws(GPIOTrouble) -> [Bool]
}

/// Why the lines are none any more, in words.
package struct GPIOTrouble: Error, Hashable, Sendable {
    package var text: String

    package init(_ text: String) { self.text = text }
}

/// A change of an input, as the chip saw it.
package struct GPIOEdge: Hashable, Sendable {
    package var channel: Int
    package var isActive: Bool

    package init(channel: Int, isActive: Bool) {
        self.channel = channel
        self.isActive = isActive
    }
}
