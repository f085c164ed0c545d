// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// What the exchanges say about the line and the board, as faults; and whether the adapter echoes.
struct RelayLineHealth: Hashable, Sendable {
    private let declaredEcho: ModbusRelaySettings.Echo
    /// Our bytes come back: coil writes cannot be told from their replies unless one copy is dropped.
    private(set) var hasEcho: Bool
    private var withoutEcho = 0
    private var faults = FaultSet()
    private var failures = 0
    private var garbled: [Uptime] = []
    private var awaySince: Uptime?

    /// So many exchanges in a row without an answer: the board is silent.
    static let silentAfter = 3
    static let garbledLimit = 5
    static let garbledWindow = Duration.seconds(60)
    /// Away this long, a board may have lost its supply.
    static let mayHaveRestartedAfter = Duration.seconds(2)

    private enum Code {
        static let silent = "relay_silent"
        static let garbled = "relay_garbled"
        static let unplugged = "relay_unplugged"
        static let stuck = "relay_stuck"
        static let echo = "relay_echo"
        static let refuses = "relay_refuses"
        static let firmware = "relay_firmware"
    }

    init(declaredEcho: ModbusRelaySettings.Echo) {
        self.declaredEcho = declaredEcho
        hasEcho = declaredEcho == .present
    }

    mutating func answered(tellsEcho: Bool, sawEcho: Bool, at now: Uptime) -> [RelayOutput] {
        failures = 0
        var outputs = clear(Code.silent) + clear(Code.unplugged)
        if let awaySince, now - awaySince >= Self.mayHaveRestartedAfter {
            outputs.append(.restarted(isCertain: false))
        }
        awaySince = nil
        garbled.removeAll { now - $0 > Self.garbledWindow }
        if garbled.isEmpty { outputs += clear(Code.garbled) }
        return tellsEcho ? outputs + learnEcho(sawEcho) : outputs
    }

    mutating func failed(isGarbled: Bool, at now: Uptime) -> [RelayOutput] {
        failures += 1
        if awaySince == nil { awaySince = now }
        var outputs: [RelayOutput] = []
        if isGarbled {
            garbled.removeAll { now - $0 > Self.garbledWindow }
            if garbled.count < Self.garbledLimit { garbled.append(now) }
            if garbled.count >= Self.garbledLimit {
                outputs += raise(
                    Code.garbled, .warning,
                    "\(garbled.count) broken replies within a minute; termination, bias, speed of the line")
            }
        }
        guard failures >= Self.silentAfter else { return outputs }
        return outputs
            + raise(
                Code.silent, .critical,
                "\(failures) requests without an answer; supply, address, A and B, speed")
    }

    mutating func disconnected(at now: Uptime) -> [RelayOutput] {
        failures = 0
        if awaySince == nil { awaySince = now }
        return raise(Code.unplugged, .critical, "the line to the board is closed; adapter or cable")
    }

    /// The lane of the output hears of it by itself; the board's other outputs and its inputs are sound.
    mutating func stuck(_ channels: [Int]) -> [RelayOutput] {
        guard !channels.isEmpty else { return clear(Code.stuck) }
        let list = channels.map(String.init).joined(separator: ", ")
        return raise(
            Code.stuck, .warning, "output \(list) reads on beyond its pulse and two times off did not help")
    }

    /// A write was taken: an earlier refusal is history.
    mutating func accepted() -> [RelayOutput] { clear(Code.refuses) }

    mutating func refused(_ code: UInt8) -> [RelayOutput] {
        raise(
            Code.refuses, .warning, "the board answered exception \(code); profile or addresses do not fit it"
        )
    }

    mutating func version(_ version: UInt16, minimum: UInt16) -> [RelayOutput] {
        guard version < minimum else { return clear(Code.firmware) }
        return raise(
            Code.firmware, .critical,
            "firmware \(version) is older than \(minimum) and speaks otherwise; another profile or board")
    }

    /// Seen once it is certain; its absence is believed after three replies, since noise can spoil a copy.
    private mutating func learnEcho(_ sawEcho: Bool) -> [RelayOutput] {
        withoutEcho = sawEcho ? 0 : min(withoutEcho + 1, 3)
        if sawEcho { hasEcho = true } else if withoutEcho >= 3 { hasEcho = false }
        let isContradicted = declaredEcho == .present && !hasEcho || declaredEcho == .absent && hasEcho
        guard isContradicted else { return clear(Code.echo) }
        return raise(
            Code.echo, .notice,
            "the profile says echo: \(declaredEcho.rawValue), the line shows otherwise; what it shows is used"
        )
    }

    private mutating func raise(
        _ code: String, _ severity: FaultSeverity, _ detail: String
    ) -> [RelayOutput] {
        faults.raise(code) ? [.faultRaised(DeviceFault(code, severity, detail))] : []
    }

    private mutating func clear(_ code: String) -> [RelayOutput] {
        faults.clear(code) ? [.faultCleared(code: code)] : []
    }
}
