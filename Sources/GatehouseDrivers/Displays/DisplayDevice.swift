// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Cards by their drivers.
private enum CardKind {
    case card64, cardAA55

    init?(_ device: DevicePlan) {
        switch device.driver {
        case Card64Driver.driver.name: self = .card64
        case CardAA55Driver.driver.name: self = .cardAA55
        default: return nil
        }
    }

    var driver: Driver {
        switch self {
        case .card64: Card64Driver.driver
        case .cardAA55: CardAA55Driver.driver
        }
    }

    func card(_ settings: DisplaySettings) -> any DisplayCard {
        switch self {
        case .card64: Card64Wire(address: settings.address)
        case .cardAA55: CardAA55Wire(address: settings.address)
        }
    }
}

extension DisplaySettings {
    /// Nil: the device is no display.
    package init?(_ device: DevicePlan) {
        guard let kind = CardKind(device) else { return nil }
        self.init(kind.driver, device)
    }
}

extension PassedDisplaySession {
    /// Nil: the device is no display behind a camera.
    package init?(_ device: DevicePlan, zone: ZoneRules) {
        guard let kind = CardKind(device), let settings = DisplaySettings(device),
            let port = device.through?.port
        else { return nil }
        self.init(settings, wire: kind.card(settings), port: port - 1, zone: zone)
    }
}

extension DisplaySession {
    /// Nil: the device is no display.
    package init?(_ device: DevicePlan, zone: ZoneRules) {
        guard let kind = CardKind(device), let settings = DisplaySettings(device) else { return nil }
        self.init(settings, wire: kind.card(settings), zone: zone)
    }
}
