// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// One state of an exploration: a machine, what stands around it, and what was found wrong on the way there.
package protocol ExploredWorld: Sendable {
    associatedtype Move: Hashable, Sendable, CustomStringConvertible

    /// Every move that can be made here.
    var moves: [Move] { get }
    var violations: [String] { get }
    /// Two states of one fingerprint are one.
    var fingerprint: LaneFingerprint { get }
    var phaseName: String { get }

    mutating func make(_ move: Move)
}
