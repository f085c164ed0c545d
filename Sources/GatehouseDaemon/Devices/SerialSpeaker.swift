// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers

/// A device that speaks unasked on a line of its own: what its session says, in the words of the site.
protocol SerialSpeaker: Sendable {
    /// Of a lost line.
    static var lineLost: FaultSeverity { get }
    mutating func connected(at now: Uptime) -> [Speech]
    mutating func disconnected()
    mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [Speech]
    mutating func timer(at now: Uptime) -> [Speech]
    var nextTimer: Uptime? { get }
    /// What a capture may keep of bytes that it sent.
    func kept(_ bytes: [UInt8]) -> [UInt8]
}

enum Speech: Sendable {
    case event(SiteEvent)
    case write([UInt8])
    case fault(DeviceFault)
    case faultCleared(code: String)
}

/// A reader of cards. Without it nobody comes in.
struct CardSpeaker: SerialSpeaker {
    static let lineLost = FaultSeverity.critical
    private let device: DeviceID
    private var session: SerialCardSession

    init(device: DeviceID, settings: Table<String, String>) {
        self.device = device
        session = SerialCardSession(SerialCardSettings(settings))
    }

    mutating func connected(at now: Uptime) -> [Speech] {
        session.connected(at: now)
        return []
    }

    mutating func disconnected() {}
    mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [Speech] {
        session.receive(bytes, at: now).map(speech)
    }
    mutating func timer(at now: Uptime) -> [Speech] { session.timer(at: now).map(speech) }
    var nextTimer: Uptime? { session.nextTimer }
    func kept(_ bytes: [UInt8]) -> [UInt8] { bytes }

    private func speech(_ output: ReaderOutput) -> Speech {
        switch output {
        case .presented(let card, let at):
            .event(.presented(CardPresented(device: device, card: card, receivedAt: at)))
        case .faultRaised(let fault): .fault(fault)
        case .faultCleared(let code): .faultCleared(code: code)
        }
    }
}

/// A scanner of payment codes. Whoever cannot pay by it pays otherwise: a warning. What it types is kept nowhere.
struct CodeSpeaker: SerialSpeaker {
    static let lineLost = FaultSeverity.warning
    private let lane: LaneID
    private var session: SerialScannerSession

    init(lane: LaneID, settings: Table<String, String>) {
        self.lane = lane
        session = SerialScannerSession(SerialScannerSettings(settings))
    }

    mutating func connected(at now: Uptime) -> [Speech] { session.connected(at: now).map(speech) }
    mutating func disconnected() { session.disconnected() }
    mutating func receive(_ bytes: [UInt8], at now: Uptime) -> [Speech] {
        session.receive(bytes, at: now).map(speech)
    }
    mutating func timer(at now: Uptime) -> [Speech] { session.timer(at: now).map(speech) }
    var nextTimer: Uptime? { session.nextTimer }
    func kept(_ bytes: [UInt8]) -> [UInt8] { SerialScannerSession.redacted(bytes) }

    private func speech(_ output: ScannerOutput) -> Speech {
        switch output {
        case .scanned(let code): .event(.codeScanned(lane, code))
        case .write(let bytes): .write(bytes)
        case .faultRaised(let fault): .fault(fault)
        case .faultCleared(let code): .faultCleared(code: code)
        }
    }
}
