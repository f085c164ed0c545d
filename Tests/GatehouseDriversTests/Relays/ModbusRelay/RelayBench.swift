// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSimulation

/// A session on one end and a model of the board on the other, joined in virtual time.
struct RelayBench {
    var session: ModbusRelaySession
    var board = RelayBoardModel()
    var now = Uptime.zero
    /// What the session said, writes and samples left out.
    var told: [Told] = []
    var writes: [Written] = []
    var samples: [[Bool]] = []
    private var onTheWay: [RelayBoardModel.Reply] = []

    struct Told: Equatable {
        var output: RelayOutput
        var at: Uptime
    }

    struct Written: Equatable {
        var bytes: [UInt8]
        var at: Uptime
    }

    /// A board with board-timed pulses and inputs.
    static var settings: ModbusRelaySettings {
        var settings = ModbusRelaySettings()
        settings.inputs = 8
        settings.flashBase = 0x0200
        return settings
    }

    init(
        _ settings: ModbusRelaySettings = RelayBench.settings, holding: Set<Int> = [], asFound: Set<Int> = []
    ) {
        session = ModbusRelaySession(settings, holding: holding, asFound: asFound)
    }

    /// Connected, and past the first exchanges.
    static func started(
        _ settings: ModbusRelaySettings = RelayBench.settings, holding: Set<Int> = []
    ) -> RelayBench {
        var bench = RelayBench(settings, holding: holding)
        bench.connect()
        bench.run(for: .milliseconds(200))
        bench.told = []
        bench.writes = []
        return bench
    }

    mutating func connect() { take(session.connected(at: now)) }
    mutating func disconnect() { take(session.disconnected(at: now)) }
    mutating func send(_ command: RelayCommand) { take(session.send(command, at: now)) }

    mutating func withdrawClose(_ channel: Int) {
        take(session.withdrawClose(channel: channel, reason: "safety", at: now))
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while let next = [session.nextTimer, onTheWay.map(\.at).min(), board.nextChange].compactMap({ $0 })
            .min(),
            next <= end
        {
            now = max(now, next)
            board.advance(to: now)
            for reply in onTheWay where reply.at <= now { take(session.receive(reply.bytes, at: now)) }
            onTheWay.removeAll { $0.at <= now }
            if let timer = session.nextTimer, timer <= now { take(session.timer(at: now)) }
        }
        now = end
        board.advance(to: now)
    }

    mutating func pulse(
        _ token: Int, _ channel: Int = 1, _ commandClass: CommandClass = .grant, for duration: Int = 500,
        life: Int? = 3000
    ) {
        send(
            RelayCommand(
                token: token, channel: channel, action: .pulse(.milliseconds(duration)),
                commandClass: commandClass, expires: life.map { now + .milliseconds($0) }))
    }

    /// As the engine sends it: of the safety class, with a short life.
    mutating func close(_ token: Int, _ channel: Int = 2, guards: [RelayCommand.Guard]) {
        send(
            RelayCommand(
                token: token, channel: channel, action: .pulse(.milliseconds(500)), commandClass: .safety,
                expires: now + .milliseconds(500), isClose: true, guards: guards))
    }

    mutating func level(
        _ token: Int, _ channel: Int, _ action: OutputAction, _ commandClass: CommandClass = .safety
    ) {
        send(
            RelayCommand(
                token: token, channel: channel, action: action, commandClass: commandClass, expires: nil))
    }

    func outcomes(of token: Int) -> [CommandOutcome] {
        told.compactMap { told in
            guard case .outcome(token, _, let outcome) = told.output else { return nil }
            return outcome
        }
    }

    /// Names of what became of a command, without instants.
    func words(of token: Int) -> [String] {
        outcomes(of: token).map { outcome in
            switch outcome {
            case .written: "written"
            case .confirmed: "confirmed"
            case .uncertain: "uncertain"
            case .expired: "expired"
            case .withdrawn: "withdrawn"
            case .refused: "refused"
            }
        }
    }

    var faults: [String] {
        told.reduce(into: []) { faults, told in
            switch told.output {
            case .faultRaised(let fault): faults.append(fault.code)
            case .faultCleared(let code): faults.removeAll { $0 == code }
            default: break
            }
        }
    }

    var closings: [Uptime] { board.edges.filter(\.isClosed).map(\.at) }

    private mutating func take(_ outputs: [RelayOutput]) {
        for output in outputs {
            switch output {
            case .write(let bytes):
                writes.append(Written(bytes: bytes, at: now))
                onTheWay += board.receive(bytes, at: now)
            case .inputs(let closed, _): samples.append(closed)
            default: told.append(Told(output: output, at: now))
            }
        }
    }
}
