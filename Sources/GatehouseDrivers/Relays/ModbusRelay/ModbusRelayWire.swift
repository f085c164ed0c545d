// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
package import GatehouseWire

/// What a board with relays and inputs is asked, in its own addresses (`relays.md` §1, §2.1). Channel 1 is
/// what the maker prints as 1.
package enum ModbusRelayWire {
    package static func inputs(_ settings: ModbusRelaySettings) -> ModbusRequest {
        .readInputs(first: settings.inputBase, count: UInt16(clamping: settings.inputs))
    }

    package static func coils(_ settings: ModbusRelaySettings) -> ModbusRequest {
        .readCoils(first: settings.coilBase, count: UInt16(clamping: settings.outputs))
    }

    package static func level(_ channel: Int, isOn: Bool, _ settings: ModbusRelaySettings) -> ModbusRequest {
        .writeCoil(coil(settings.coilBase, channel), value: isOn ? 0xFF00 : 0)
    }

    /// All relays in one exchange: nothing else moves between the first and the last.
    package static func levels(_ levels: [Bool], _ settings: ModbusRelaySettings) -> ModbusRequest {
        .writeCoils(first: settings.coilBase, levels)
    }

    /// A pulse that the board counts itself, so that no crash leaves a relay closed (H-19); nil when it cannot.
    /// Rounded up to the board's unit.
    package static func pulse(
        _ channel: Int, for duration: Duration, _ settings: ModbusRelaySettings
    ) -> ModbusRequest? {
        guard let base = settings.flashBase else { return nil }
        let unit = max(1, settings.flashUnit.inMilliseconds)
        let units = (duration.inMilliseconds + unit - 1) / unit
        return .writeCoil(coil(base, channel), value: UInt16(min(max(units, 1), 0x7FFF)))
    }

    private static func coil(_ base: UInt16, _ channel: Int) -> UInt16 {
        base &+ UInt16(clamping: channel - 1)
    }
}
