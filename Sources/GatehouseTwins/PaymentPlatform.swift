// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import GatehouseCore
internal import Synchronization

/// A payment platform as the gateway meets one: it asks for prices, takes money and tells of it, and what it tells comes
/// twice, late and in another order. Its signatures are OpenSSL's and its MQTT is mosquitto's: it shares no code with the
/// gateway.
package final class PaymentPlatform: Sendable {
    /// A signed call, which may be sent any number of times over either way.
    package struct Call: Hashable, Sendable {
        package var word: String
        package var body: String
        package var signature: String

        package init(word: String, body: String, signature: String) {
            self.word = word
            self.body = body
            self.signature = signature
        }
    }

    private let name: String
    private let key: String
    private let folder: String
    private let held = Mutex<[Call]>([])
    private let last = Mutex(0)

    /// - Parameters:
    ///   - key: of printable characters, as the credential file has it.
    ///   - folder: for what its helpers read and print.
    package init(name: String = "platform", key: String, folder: String) {
        self.name = name
        self.key = key
        self.folder = folder
    }

    // MARK: Calls

    /// `target`: `"plate":"沪A12345"` or another member of the body.
    package func quote(_ target: String, at sent: WallTime = TwinClock.wall()) throws -> Call {
        try signed("quote", "\(head(serial: newSerial("q"), sent)),\(target)}")
    }

    /// - Parameter rest: further members, each with a comma before it.
    package func payment(
        _ serial: String, amount: Int64, way: String = "prepaid", _ rest: String = "",
        at sent: WallTime = TwinClock.wall()
    ) throws -> Call {
        try signed("payment", "\(head(serial: serial, sent)),\"way\":\"\(way)\",\"amount\":\(amount)\(rest)}")
    }

    package func cancellation(of payment: String, at sent: WallTime = TwinClock.wall()) throws -> Call {
        try signed("cancel", "\(head(serial: newSerial("c"), sent)),\"payment\":\"\(payment)\"}")
    }

    /// Asks for the orders that the gateway has; `rest` as in `payment`.
    package func orders(_ rest: String = "", at sent: WallTime = TwinClock.wall()) throws -> Call {
        try signed("orders", "\(head(serial: newSerial("o"), sent))\(rest)}")
    }

    /// How an order stands.
    package func collection(
        _ order: Int, askedAt: Int64? = nil, _ state: String, reason: String? = nil,
        at sent: WallTime = TwinClock.wall()
    ) throws -> Call {
        let why = reason.map { ",\"reason\":\"\($0)\"" } ?? ""
        let made = askedAt.map { ",\"asked_ms\":\($0)" } ?? ""
        return try signed(
            "collection",
            "\(head(serial: newSerial("s"), sent)),\"order\":\(order)\(made),\"state\":\"\(state)\"\(why)}")
    }

    /// Another's signature, as a message has it.
    package func isSigned(_ word: String, _ body: String, by signature: String) throws -> Bool {
        try self.signature("\(word)\n\(body)") == signature
    }

    /// Whether the gateway gave this answer, and to this call.
    package func isSigned(_ answer: PlainHTTP.Answer, to call: Call) throws -> Bool {
        guard let signature = answer.headers["gatehouse-signature"],
            let object = try JSONSerialization.jsonObject(with: Data(call.body.utf8)) as? [String: Any],
            let serial = object["serial"] as? String
        else { return false }
        return try self.signature("\(call.word)-reply\n\(serial)\n\(answer.text)") == signature
    }

    package func signed(_ word: String, _ body: String) throws -> Call {
        Call(word: word, body: body, signature: try signature("\(word)\n\(body)"))
    }

    private func head(serial: String, _ sent: WallTime) -> String {
        "{\"sender\":\"\(name)\",\"serial\":\"\(serial)\",\"sent_ms\":\(sent.milliseconds)"
    }

    private func newSerial(_ kind: String) -> String {
        let number = last.withLock { last in
            last += 1
            return last
        }
        return "\(kind)-\(TwinClock.uptime().nanoseconds)-\(number)"
    }

    private func signature(_ text: String) throws -> String {
        let file = scratch("signed")
        try file.write(text)
        defer { file.remove() }
        let made = try ChildProgram.run(
            "/usr/bin/openssl",
            ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "key:\(key)", "-r", file.path], scratch: folder)
        guard made.isSuccess, let digits = made.output.split(separator: " ").first, digits.count == 64 else {
            throw TwinError("openssl signs nothing: \(made.errors)")
        }
        return String(digits)
    }

    private func scratch(_ kind: String) -> TextFile {
        TextFile("\(folder)/platform-\(newSerial(kind))")
    }

    // MARK: HTTP

    /// nil: nobody there, or no answer in time.
    package func send(_ call: Call, http port: UInt16, patience: Int = 10) -> PlainHTTP.Answer? {
        let body = Array(call.body.utf8)
        let head =
            "POST /\(call.word) HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            + "Gatehouse-Signature: \(call.signature)\r\nContent-Length: \(body.count)\r\n"
            + "Connection: close\r\n\r\n"
        return PlainHTTP.exchange(Array(head.utf8) + body, port: port, patience: patience)
    }

    // MARK: MQTT

    /// Sends with a response topic and waits for the answer; nil: none came in so many seconds. `root`:
    /// `gatehouse/SITE/GATEWAY`.
    package func send(_ call: Call, mqtt port: UInt16, root: String, patience: Int = 10) throws -> String? {
        let options = ["-e", "platform/replies/\(newSerial("r"))", "-W", "\(patience)"]
        let correlation = ["-D", "publish", "correlation-data", newSerial("k")]
        // It sends nothing of a file (2.0.11).
        let sent = try mosquitto("mosquitto_rr", call, port, root, ["-m", call.body] + options + correlation)
        return sent.isSuccess && !sent.output.isEmpty ? sent.output : nil
    }

    /// Sends and wants no answer. `isRetained`: the broker keeps it, which no platform should ask.
    package func tell(_ call: Call, mqtt port: UInt16, root: String, isRetained: Bool = false) throws {
        // A long one is no argument of a program.
        let file = scratch("body")
        try file.write(call.body)
        defer { file.remove() }
        let options = ["-f", file.path] + (isRetained ? ["-r"] : [])
        let sent = try mosquitto("mosquitto_pub", call, port, root, options)
        guard sent.isSuccess else { throw TwinError("mosquitto_pub: \(sent.errors)") }
    }

    private func mosquitto(
        _ program: String, _ call: Call, _ port: UInt16, _ root: String, _ options: [String]
    ) throws -> ChildProgram.Finished {
        let words =
            ["-V", "mqttv5", "-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-t", "\(root)/\(call.word)"]
            + ["-D", "publish", "user-property", "signature", call.signature]
        return try ChildProgram.run("/usr/bin/\(program)", words + options, scratch: folder)
    }

    // MARK: A bad day

    /// Kept until `release`: it comes late.
    package func hold(_ call: Call) { held.withLock { $0.append(call) } }

    /// Everything held, each so many times, in an order that `seed` shuffles; what `send` got for each in that order.
    package func release<Answer>(
        copies: Int = 1, seed: UInt64, _ send: (Call) throws -> Answer
    ) rethrows -> [(call: Call, answer: Answer)] {
        let calls = held.withLock { held in
            defer { held = [] }
            return held
        }
        var order = calls.flatMap { Array(repeating: $0, count: copies) }
        // A linear congruential generator (Knuth, TAOCP 2, 3.3.4): its high bits are good enough to shuffle by.
        var state = seed
        for index in order.indices.dropFirst().reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            order.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
        }
        return try order.map { ($0, try send($0)) }
    }
}
