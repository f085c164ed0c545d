// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What the session of a scanner tells or wants.
package enum ScannerOutput: Hashable, Sendable {
    /// A phone was held to it. Said once for each code, however long it stays there.
    case scanned(PaymentCode)
    case write([UInt8])
    case faultRaised(DeviceFault)
    case faultCleared(code: String)
}

/// Listens to one scanner of payment codes. A plain one never answers, so its silence says nothing: only its line can be
/// known lost. It does no I/O: feed it bytes and time, do what it returns, call `timer` at `nextTimer`.
package struct SerialScannerSession: Sendable {
    private let settings: SerialScannerSettings
    private var framer: SerialScannerFramer
    private var filter = GM65Filter()
    private var lastByte = Uptime.zero
    /// The code that is held there, until it counts as new again.
    private var held: (code: PaymentCode, until: Uptime)?
    private var garbled: [Uptime] = []
    private var nextHeartbeat: Uptime?
    private var unanswered = 0
    private var faults = FaultSet()

    static let garbledLimit = 5
    static let garbledWindow = Duration.seconds(60)
    /// Heartbeats in a row without an answer.
    static let silentAfter = 3

    private enum Code {
        static let garbled = "scanner_garbled"
        static let silent = "scanner_silent"
    }

    package init(_ settings: SerialScannerSettings) {
        self.settings = settings
        framer = SerialScannerFramer(settings)
    }

    package mutating func connected(at now: Uptime) -> [ScannerOutput] {
        framer.drop()
        filter.drop()
        held = nil
        unanswered = 0
        nextHeartbeat = settings.heartbeat.map { _ in now }
        return timer(at: now)
    }

    package mutating func disconnected() {
        framer.drop()
        held = nil
        nextHeartbeat = nil
    }

    package mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [ScannerOutput] {
        guard !bytes.isEmpty else { return [] }
        var outputs = quiet(at: now)
        lastByte = now
        for byte in bytes {
            for piece in settings.isGM65 ? filter.receive(byte) : [.byte(byte)] {
                switch piece {
                case .byte(let byte): outputs += take(framer.receive(byte), at: now)
                case .alive:
                    unanswered = 0
                    outputs += clear(Code.silent)
                }
            }
        }
        return outputs
    }

    package mutating func timer(at now: Uptime) -> [ScannerOutput] {
        var outputs = quiet(at: now)
        if let last = held, now >= last.until { held = nil }
        forgetGarbled(at: now)
        if garbled.isEmpty { outputs += clear(Code.garbled) }
        if let due = nextHeartbeat, let interval = settings.heartbeat, now >= due {
            outputs += ask(interval, at: now)
        }
        return outputs
    }

    package var nextTimer: Uptime? {
        let end = framer.isInCode ? lastByte + settings.patience : nil
        let calm = garbled.last.map { $0 + Self.garbledWindow + .milliseconds(1) }
        return [end, held?.until, calm, nextHeartbeat].compactMap(\.self).min()
    }

    /// Of bytes that it typed, what a capture may show: the marks, and how long a code was.
    package static func redacted(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { $0 < 0x20 ? $0 : UInt8(ascii: "*") }
    }

    private mutating func quiet(at now: Uptime) -> [ScannerOutput] {
        guard now - lastByte >= settings.patience else { return [] }
        filter.drop()
        return take(framer.silence(), at: now)
    }

    private mutating func take(_ result: SerialScannerFramer.Result?, at now: Uptime) -> [ScannerOutput] {
        switch result {
        case nil: return []
        case .broken(let why): return broken(why, at: now)
        case .code(let code):
            let isHeld = held.map { $0.code == code && now < $0.until } ?? false
            held = (code, now + settings.sameCode)
            return isHeld ? [] : [.scanned(code)]
        }
    }

    private mutating func ask(_ interval: Duration, at now: Uptime) -> [ScannerOutput] {
        nextHeartbeat = now + interval
        unanswered += 1
        var outputs: [ScannerOutput] = [.write(GM65.heartbeat)]
        if unanswered > Self.silentAfter, faults.raise(Code.silent) {
            let detail =
                "\(Self.silentAfter) heartbeats without an answer; supply, speed, RX and TX, or another family of "
                + "scanner (family: plain)"
            outputs.append(.faultRaised(DeviceFault(Code.silent, .warning, detail)))
        }
        return outputs
    }

    private mutating func broken(
        _ why: SerialScannerFramer.Break, at now: Uptime
    ) -> [ScannerOutput] {
        forgetGarbled(at: now)
        garbled.append(now)
        if garbled.count > Self.garbledLimit { garbled.removeFirst() }
        guard garbled.count == Self.garbledLimit, faults.raise(Code.garbled) else { return [] }
        let detail =
            "\(Self.garbledLimit) texts within a minute that are no payment codes, the last \(why.rawValue); suffix, "
            + "prefix and speed as set in the scanner, or people show it something else"
        return [.faultRaised(DeviceFault(Code.garbled, .warning, detail))]
    }

    private mutating func forgetGarbled(at now: Uptime) {
        garbled.removeAll { now - $0 > Self.garbledWindow }
    }

    private mutating func clear(_ code: String) -> [ScannerOutput] {
        faults.clear(code) ? [.faultCleared(code: code)] : []
    }
}
