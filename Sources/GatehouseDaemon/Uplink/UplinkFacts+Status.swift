// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics
internal import GatehouseSync

extension UplinkFacts {
    init(_ status: UplinkStatus, isSignalled: Bool) {
        self.init(
            isUp: status.isUp, acknowledged: status.acknowledged.number,
            backlog: status.durable.number - status.acknowledged.number, underWay: status.underWay,
            trouble: status.trouble, isSignalled: isSignalled)
    }
}
