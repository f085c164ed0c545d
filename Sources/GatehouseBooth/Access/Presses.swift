// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import FoundationEssentials
internal import GatehouseCore

/// What became of a press of a button.
struct PressAnswer: Hashable, Sendable {
    var isDone: Bool
    var text: String
}

/// A button that is pressed gives its order once. Each form carries a mark made for it; who presses twice, or whose
/// browser sends twice, gets the answer of the first. So does the same order of the same session within two seconds,
/// since a page may have been drawn anew between two clicks.
actor Presses {
    /// A form older than this gives no order: its page shows a state long gone.
    static let lifetime = Duration.seconds(600)
    /// Within a lifetime; a further press is refused, because forgetting one would let it be given twice.
    static let maximum = 1024
    static let twice = Duration.seconds(2)

    private struct Press: Sendable {
        var at: Uptime
        var order: String
        var answer: Task<PressAnswer, Never>
    }

    private let key = SymmetricKey(size: .bits256)
    private var presses: [String: Press] = [:]

    /// For a form that is drawn now.
    nonisolated func mark(for session: Sessions.Session, at now: Uptime) -> String {
        let head = "\(now.nanoseconds / 1_000_000_000).\(Secret.bytes(12).hexadecimal)"
        return "\(head).\(signature(head, session))"
    }

    func press(
        _ mark: String, _ order: String, by session: Sessions.Session, at now: Uptime,
        _ give: @escaping @Sendable () async -> PressAnswer
    ) async -> PressAnswer {
        let parts = mark.split(separator: ".").map(String.init)
        guard parts.count == 3, let second = Int64(parts[0]),
            Secret.isEqual(parts[2], signature("\(parts[0]).\(parts[1])", session))
        else { return PressAnswer(isDone: false, text: Words.forged.both) }
        let age = now - Uptime(nanoseconds: second * 1_000_000_000)
        guard age < Self.lifetime else { return PressAnswer(isDone: false, text: Words.tooOld.both) }
        let whole = "\(session.number) \(order)"
        if let first = presses[mark] { return await first.answer.value }
        let recent = presses.values.first { $0.order == whole && now - $0.at < Self.twice }
        if let recent { return await recent.answer.value }
        if presses.count >= Self.maximum { presses = presses.filter { now - $0.value.at < Self.lifetime } }
        guard presses.count < Self.maximum else {
            return PressAnswer(isDone: false, text: Words.tooMany.both)
        }
        let answer = Task { await give() }
        presses[mark] = Press(at: now, order: whole, answer: answer)
        return await answer.value
    }

    private nonisolated func signature(_ head: String, _ session: Sessions.Session) -> String {
        let text = Array("\(session.number) \(session.csrf) \(head)".utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: text, using: key)).hexadecimal
    }
}
