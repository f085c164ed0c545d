// SPDX-License-Identifier: Apache-2.0

/// What people change beside the lanes: permits and lists until upstream delivers them, the guard's repairs of
/// stays, a drill. Each becomes records that name the operator and the reason.
package enum Operation: Hashable, Sendable {
    case directory([DirectoryChange], reason: String?)
    /// All of them or none.
    case stays([StayRepair], reason: String)
    case money(MoneyOrder)
    case drill(DrillOrder)
}
