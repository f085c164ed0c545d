// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseSimulation

/// Lays what a maintained relay did beside the records that say what it should be. Not one to one, as for
/// pulses: a hold is commanded again and again, and a board that lost its supply is set anew by its driver.
package struct HoldLedger: Hashable, Sendable {
    /// Changes of the relay that the records explain.
    package private(set) var matched = 0
    /// Changes that they do not.
    package private(set) var unrecorded: [Uptime] = []
    /// Commands that the relay never followed and nothing explains.
    package private(set) var unexplained: [Int64] = []

    private static let life = Duration.seconds(4)
    private static let tolerance = Duration.milliseconds(50)

    /// `cuts` are the instants at which the board's supply failed: every relay opens, by nobody's word.
    package init(
        edges: [RelayBoardModel.Edge], commands: [TwinRecord], records: [TwinRecord], killedAt: [Uptime],
        cuts: [Uptime]
    ) {
        for edge in edges {
            let wanted = edge.isClosed ? "on" : "off"
            let before = commands.filter { $0.uptime <= edge.at + Self.tolerance }
            let isCut = !edge.isClosed && cuts.contains { $0 == edge.at }
            // The newest command holds until the next; the one before may still have been on its way.
            let isSaid =
                before.last?.text("action") == wanted
                || before.contains { $0.text("action") == wanted && edge.at - $0.uptime <= Self.life }
            if isCut || isSaid { matched += 1 } else { unrecorded.append(edge.at) }
        }
        for command in commands {
            let isOn = command.text("action") != "off"
            let at = command.uptime + (.zero - Self.tolerance)
            let isThere = (edges.last { $0.at <= at }?.isClosed ?? false) == isOn
            let follows = edges.contains {
                $0.isClosed == isOn && $0.at >= at && $0.at - command.uptime <= Self.life
            }
            if !isThere, !follows, command.whyNotCarriedOut(records, killedAt) == nil {
                unexplained.append(command.number)
            }
        }
    }
}
