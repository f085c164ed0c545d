// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import Testing

@testable import GatehouseBooth

func at(_ seconds: Int64) -> Uptime { Uptime(nanoseconds: seconds * 1_000_000_000) }

let cheap = PasswordHash.Cost(rounds: 1024, block: 8, parallel: 1)

@Suite struct PasswordTests {
    @Test func `a password is known again from what is kept, and only that one`() throws {
        let hash = try #require(PasswordHash(of: "开门 open sesame", cost: cheap))
        let kept = try #require(PasswordHash(hash.text))
        #expect(kept.matches("开门 open sesame"))
        #expect(!kept.matches("开门 open sesam") && !kept.matches(""))
        // The same password twice is not the same line twice.
        let again = try #require(PasswordHash(of: "开门 open sesame", cost: cheap))
        #expect(again.text != hash.text)
    }

    @Test func `the hash is scrypt`() throws {
        let salt = Array("NaCl".utf8) + Array("NaCl".utf8)
        let line = try #require(PasswordHash(of: "password", cost: cheap)).text
        #expect(line.hasPrefix("scrypt:1024:8:1:"))
        let other = line.split(separator: ":")[0..<4].joined(separator: ":")
        // Made by Python's hashlib.scrypt(b"password", salt=b"NaClNaCl", n=1024, r=8, p=1, dklen=32).
        let known = "f301a5c1798d5d2da7d4a0dac6685068f1dca23c4b8488b112bdd835ca82fbce"
        #expect(try #require(PasswordHash("\(other):\(salt.hexadecimal):\(known)")).matches("password"))
    }

    @Test(arguments: [
        "", "scrypt", "scrypt:1024:8:1:00:00",
        "bcrypt:1024:8:1:0001020304050607:\(String(repeating: "0", count: 64))",
        "scrypt:1000:8:1:0001020304050607:\(String(repeating: "0", count: 64))",
        "scrypt:1048576:8:1:0001020304050607:\(String(repeating: "0", count: 64))",
        "scrypt:1024:8:99:0001020304050607:\(String(repeating: "0", count: 64))",
    ])
    func `a line that is none, or asks for too much, is refused`(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }
}

@Suite struct GuardsTests {
    private func line(_ name: String) throws -> String {
        let hash = try #require(PasswordHash(of: "right-\(name)", cost: cheap))
        return try #require(Guards.line(name, hash))
    }

    @Test func `guards log in with their own passwords`() throws {
        let guards = try Guards("# shift A\n\(line("li"))\r\n\n\(line("王伟"))\n")
        #expect(guards.isRight("right-li", of: "li") && guards.isRight("right-王伟", of: "王伟"))
        #expect(!guards.isRight("right-li", of: "王伟") && !guards.isRight("right-li", of: "nobody"))
    }

    @Test func `what is wrong is said with its line`() throws {
        #expect(throws: Guards.Mistake.self) { try Guards("") }
        let good = try line("li")
        for (text, words) in [("\(good)\nli:secret\n", "line 2"), ("\(good)\n\(good)", "twice")] {
            let mistake = #expect(throws: Guards.Mistake.self) { try Guards(text) }
            #expect(mistake?.text.contains(words) == true)
        }
        let hash = try #require(PasswordHash(of: "12345678", cost: cheap))
        #expect(Guards.line("a:b", hash) == nil)
    }
}

@Suite struct LoginThrottleTests {
    @Test func `five tries, then one in thirty seconds`() {
        var throttle = LoginThrottle()
        for _ in 0..<5 { #expect(throttle.attempt(from: "192.0.2.1", at: at(100)) == nil) }
        #expect(throttle.attempt(from: "192.0.2.1", at: at(100)) == .seconds(30))
        #expect(throttle.attempt(from: "192.0.2.1", at: at(129)) == .seconds(1))
        #expect(throttle.attempt(from: "192.0.2.1", at: at(130)) == nil)
        #expect(throttle.attempt(from: "192.0.2.1", at: at(131)) != nil)
        // Others are not kept out by that.
        #expect(throttle.attempt(from: "192.0.2.2", at: at(131)) == nil)
    }

    @Test func `many addresses together are no way round it`() {
        var throttle = LoginThrottle()
        let tries = (0..<100).count { throttle.attempt(from: "192.0.2.\($0)", at: at(100)) == nil }
        #expect(tries == 20)
        let later = (0..<5000).count {
            throttle.attempt(from: "10.0.\($0 / 256).\($0 % 256)", at: at(160)) == nil
        }
        #expect(later == 20)
    }
}

@Suite struct SessionsTests {
    @Test func `a session lives while its page asks, and no longer than a shift`() throws {
        let sessions = Sessions()
        let token = sessions.begin("li", at: at(0))
        #expect(token.count == 64)
        #expect(sessions.find(token, at: at(14 * 60))?.name == "li")
        #expect(sessions.find(token, at: at(28 * 60)) != nil)
        #expect(sessions.find(token, at: at(44 * 60)) == nil)
        let other = sessions.begin("li", at: at(0))
        for minute in stride(from: Int64(0), to: 720, by: 10) {
            #expect(sessions.find(other, at: at(minute * 60)) != nil)
        }
        #expect(sessions.find(other, at: at(720 * 60)) == nil)
        #expect(sessions.count == 0)
    }

    @Test func `other tokens are nobody's, and an ended one too`() {
        let sessions = Sessions()
        let token = sessions.begin("li", at: at(0))
        #expect(sessions.find("", at: at(1)) == nil && sessions.find(token + "0", at: at(1)) == nil)
        sessions.end(token)
        #expect(sessions.find(token, at: at(1)) == nil)
    }

    @Test func `there are so many, and the one least used makes room`() {
        let sessions = Sessions()
        let first = sessions.begin("li", at: at(0))
        let second = sessions.begin("li", at: at(1))
        for second in 2..<Int64(Sessions.perGuard) { _ = sessions.begin("li", at: at(second)) }
        _ = sessions.find(first, at: at(20))
        _ = sessions.begin("li", at: at(21))
        #expect(sessions.count == Sessions.perGuard)
        #expect(sessions.find(first, at: at(22)) != nil && sessions.find(second, at: at(22)) == nil)
        for number in 0..<200 { _ = sessions.begin("guard \(number)", at: at(30)) }
        #expect(sessions.count == Sessions.maximum)
    }
}

@Suite struct PressesTests {
    private actor Count {
        var orders = 0
        func give() -> PressAnswer {
            orders += 1
            return PressAnswer(isDone: true, text: "record \(orders)")
        }
    }

    private func session() throws -> Sessions.Session {
        let sessions = Sessions()
        return try #require(sessions.find(sessions.begin("li", at: at(0)), at: at(0)))
    }

    @Test func `a form gives its order once, however often it is sent`() async throws {
        let (presses, session, count) = (Presses(), try session(), Count())
        let mark = presses.mark(for: session, at: at(10))
        let answers = await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    await presses.press(mark, "open", by: session, at: at(11)) { await count.give() }
                }
            }
            return await group.reduce(into: Set<PressAnswer>()) { $0.insert($1) }
        }
        #expect(answers == [PressAnswer(isDone: true, text: "record 1")])
        _ = await presses.press(mark, "open", by: session, at: at(400)) { await count.give() }
        #expect(await count.orders == 1)
    }

    @Test func `a double click on a page drawn anew is one press, a later one is another`() async throws {
        let (presses, session, count) = (Presses(), try session(), Count())
        for (second, orders) in [(10, 1), (11, 1), (13, 2)] as [(Int64, Int)] {
            let mark = presses.mark(for: session, at: at(second))
            _ = await presses.press(mark, "open", by: session, at: at(second)) { await count.give() }
            #expect(await count.orders == orders)
        }
        let close = presses.mark(for: session, at: at(13))
        _ = await presses.press(close, "close", by: session, at: at(13)) { await count.give() }
        #expect(await count.orders == 3)
    }

    @Test func `marks of others, of long ago and made up give nothing`() async throws {
        let (presses, session, count) = (Presses(), try session(), Count())
        var other = session
        other.number += 1
        let marks = [
            "", "1.2.3", presses.mark(for: other, at: at(10)), Presses().mark(for: session, at: at(10)),
            presses.mark(for: session, at: at(10)) + "0",
        ]
        for mark in marks {
            #expect(
                await presses.press(mark, "open", by: session, at: at(11)) { await count.give() }.isDone
                    == false)
        }
        let old = presses.mark(for: session, at: at(10))
        #expect(
            await presses.press(old, "open", by: session, at: at(700)) { await count.give() }.isDone == false)
        #expect(await count.orders == 0)
    }

    @Test func `when more presses came than are kept, none is given twice`() async throws {
        let (presses, session, count) = (Presses(), try session(), Count())
        for number in 0..<(Presses.maximum + 10) {
            let mark = presses.mark(for: session, at: at(10))
            _ = await presses.press(mark, "open \(number)", by: session, at: at(10)) { await count.give() }
        }
        #expect(await count.orders == Presses.maximum)
    }
}
