// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseWire
import Testing

/// Our tables against Python's codec, which others wrote: every pair of bytes and every character.
@Suite struct GBKPeerTests {
    @Test func `every pair of bytes decodes as Python decodes it`() throws {
        let lines = try peer("pairs")
        #expect(lines.count == 65536)
        var wrong: [Substring] = []
        for line in lines {
            let words = line.split(separator: " ")
            let pair = try #require(UInt16(words[0], radix: 16))
            let text = GBK.decode([UInt8(pair >> 8), UInt8(truncatingIfNeeded: pair)])
            let ours = text.unicodeScalars.map { String($0.value, radix: 16) }
            if !ours.elementsEqual(words.dropFirst(), by: { $0[...] == $1 }) { wrong.append(line) }
        }
        #expect(wrong == [])
    }

    @Test func `every character has Python's bytes and every other is a question mark`() throws {
        var theirs: [UInt32: (bytes: Substring, isOld: Bool)] = [:]
        for line in try peer("scalars") {
            let words = line.split(separator: " ")
            theirs[try #require(UInt32(words[0], radix: 16))] = (words[1], words[2] == "1")
        }
        #expect(theirs.count == 21_919)
        var wrong: [UInt32] = []
        for value in UInt32(0)..<0x110000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let known = theirs[value]
            let whole = known?.bytes ?? "3f"
            let old = known?.isOld == true ? whole : "3f"
            if hex(GBK.encode(String(scalar))) != whole || hex(GBK.encode(String(scalar), .gb2312)) != old {
                wrong.append(value)
            }
        }
        #expect(wrong == [])
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func peer(_ what: String) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("gbk_peer.py").path
        process.arguments = ["python3", script, what]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n")
    }
}
