// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics
import GatehouseEngine
import Testing

@testable import gatehoused

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            ("bad_request", 64), ("not_allowed", 77), ("not_found", 2), ("refused", 1), ("busy", 75),
            ("store", 75),
            ("internal", 1), ("unheard_of", 1),
        ] as [(String, Int32)])
    func `the daemon's word decides how the command ends`(_ code: String, _ status: Int32) {
        let failure = CommandFailure(DiagnosticProtocol.Failure(code: code, message: "m", hint: "h"))
        #expect(failure.status.rawValue == status)
        #expect(failure.hint == "h")
    }

    @Test(
        arguments: [
            "lane open north", "lane hold north sideways --reason TEST", "events --limit 0",
            "events --after -1",
            "area recount main -3 --reason TEST", "drill start --for 481 --reason TEST", "drill start",
            "explain soon", "completion tcsh", "unheard-of", "coupon grant 110 --percent 101",
            "coupon grant 110 --percent 0", "coupon grant 110 --percent 300",
        ])
    func `mistyped commands end with 64`(_ line: String) {
        let words = line.split(separator: " ").map { String($0) }
        do {
            _ = try GatehouseCommand.parseAsRoot(words)
            Issue.record("\(line) was understood")
        } catch {
            #expect(GatehouseCommand.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
        }
    }

    @Test func `a percentage that is none is refused with the limit`() {
        do {
            _ = try GatehouseCommand.parseAsRoot(["coupon", "grant", "110", "--percent", "101"])
            Issue.record("101 was taken")
        } catch {
            #expect(GatehouseCommand.message(for: error).contains("--percent is 1 to 100, not 101"))
        }
    }

    @Test func `what is said of an amount is in the site's currency, and no more than is known`() throws {
        let amount = try #require(AmountArgument(argument: "1000"))
        let texts = ["CNY", "EUR"].map { currency in
            ChargeCommand.Reduce.done(amount, MoneyWords(currency: currency))
        }
        #expect(texts == ["up to 1000.00元 taken off", "up to EUR 1000.00 taken off"])
    }

    @Test func `what to try of a journal fits its trouble`() {
        let damaged = StoreFault.corrupt("page 3")
        #expect(damaged.hint(offline: "/copy")?.hasPrefix("gatehouse verify --offline /copy") == true)
        #expect(VerifyCommand.hint(damaged, "/copy")?.contains("backup") == true)
        let inUse = StoreFault.inUse("process 7 writes it")
        #expect(inUse.hint(offline: "/copy")?.contains("stop the daemon") == true)
        #expect(VerifyCommand.hint(inUse, "/copy") == inUse.hint(offline: "/copy"))
        #expect(StoreFault.failed("no").hint(offline: "/copy") == nil)
        #expect(StoreFault.failed("no").hint(offline: nil)?.contains("root") == true)
    }

    @Test(arguments: [("--entries", 0), ("--entries", 100), ("--minutes", 0), ("--minutes", 10_081)])
    func `a visit gives something, and not without end`(_ option: String, _ value: Int) throws {
        let words = ["permit", "visit", "沪B88888", "--household", "3-1-502", "--until", "4h"]
        let command = try #require(
            try GatehouseCommand.parseAsRoot(words + [option, "\(value)"]) as? PermitCommand.Guest)
        do {
            try command.run()
            Issue.record("\(option) \(value) was taken")
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
        }
    }

    @Test(arguments: [("FOO", nil), ("OTHER", nil), ("OTHER", "")] as [(String, String?)])
    func `a reason must say something`(_ code: String, _ note: String?) throws {
        var words = ["lane", "open", "north", "--reason", code]
        if let note { words += ["--note", note] }
        let command = try #require(try GatehouseCommand.parseAsRoot(words) as? LaneCommand.Open)
        #expect(throws: CommandFailure.self) { try command.common.reason.validated() }
    }
}
