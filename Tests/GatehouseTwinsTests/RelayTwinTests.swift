// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins
import Glibc
import Testing

/// A master of a few lines at the other end of the pseudo-terminal.
private final class Master {
    let descriptor: Int32

    init(_ path: String) throws {
        descriptor = unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TwinError("cannot open \(path)") }
    }

    deinit { close(descriptor) }

    func ask(_ request: [UInt8], _ length: Int) throws -> [UInt8] {
        _ = unsafe request.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        var reply: [UInt8] = []
        return try waiting(for: "\(length) bytes, have \(reply.count)", within: .seconds(5)) {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waited, 1, 20) > 0 else { return nil }
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, 64) }
            if count > 0 { reply += buffer[..<count] }
            return reply.count >= length ? reply : nil
        }
    }
}

struct RelayTwinTests {
    @Test func `the board answers on a real terminal and its arm moves the limits`() throws {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let master = try Master(twin.path)
        // Version 2.00 at 8000, as the maker's manual shows it.
        let version = try master.ask([0x01, 0x03, 0x80, 0x00, 0x00, 0x01, 0xAD, 0xCA], 7)
        #expect(version.prefix(5) == [0x01, 0x03, 0x02, 0x00, 0xC8])
        let readInputs: [UInt8] = [0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0x79, 0xCC]
        // S (bit 1, normally closed) and the lower limit (bit 4).
        #expect(try master.ask(readInputs, 6)[3] == 0b0001_0010)
        let pulse: [UInt8] = [0x01, 0x05, 0x02, 0x00, 0x00, 0x05, 0x0C, 0x71]
        #expect(try master.ask(pulse, 8) == pulse)
        try waiting(for: "the upper limit", within: .seconds(10)) {
            try master.ask(readInputs, 6)[3] == 0b0000_1010 ? true : nil
        }
        #expect(twin.with { $0.openClosings.count } == 1)
    }

    @Test func `without power nobody answers`() throws {
        let twin = try RelayTwin()
        defer { twin.stop() }
        twin.start()
        let master = try Master(twin.path)
        let readInputs: [UInt8] = [0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0x79, 0xCC]
        _ = try master.ask(readInputs, 6)
        twin.with { $0.cutPower() }
        #expect(throws: TwinError.self) { try master.askBriefly(readInputs) }
        twin.with { $0.restorePower() }
        #expect(try master.ask(readInputs, 6).count == 6)
    }
}

extension Master {
    fileprivate func askBriefly(_ request: [UInt8]) throws {
        _ = unsafe request.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        try waiting(for: "an answer", within: .milliseconds(200)) { () -> Bool? in
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&waited, 1, 20) > 0 ? true : nil
        }
    }
}
