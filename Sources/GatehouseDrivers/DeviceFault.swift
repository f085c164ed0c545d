// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A condition of a device that was raised and stays until cleared.
package struct DeviceFault: Hashable, Sendable {
    /// The operator's word for it, stable: `relay_silent`.
    package var code: String
    package var severity: FaultSeverity
    /// Values, limits and what to try.
    package var detail: String

    package init(_ code: String, _ severity: FaultSeverity, _ detail: String) {
        self.code = code
        self.severity = severity
        self.detail = detail
    }
}

/// The faults of one device: says only what changed.
struct FaultSet: Hashable, Sendable {
    private var raised: Set<String> = []

    func contains(_ code: String) -> Bool { raised.contains(code) }

    /// Whether it was not raised before.
    mutating func raise(_ code: String) -> Bool { raised.insert(code).inserted }

    /// Whether it was raised.
    mutating func clear(_ code: String) -> Bool { raised.remove(code) != nil }
}
