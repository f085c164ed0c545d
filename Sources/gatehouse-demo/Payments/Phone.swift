// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseSimulation
import GatehouseTwins

/// A phone held up to a code: drawn by qrencode as the card would draw it, read back by zbar. Neither is ours.
struct Phone: Sendable {
    /// For the picture.
    let folder: String

    private static let (pen, eye) = ("/usr/bin/qrencode", "/usr/bin/zbarimg")

    static var missing: [String] {
        [pen, eye].filter { !FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct Read: Sendable {
        let text: String
        /// By what it was read, for whoever looks on.
        let how: String
    }

    /// A board draws one dot a module: 49 dots are a symbol of version 8, 32 hold one of version 3.
    func read(_ screen: DisplayCardModel.Screen) throws -> Read {
        try read(screen.code, ["--strict-version", "-v", screen.isLarge ? "8" : "3"])
    }

    func read(print code: String) throws -> Read { try read(code, []) }

    /// Without the two programs the text that was sent to the board stands in for the picture, and is said to.
    private func read(_ code: String, _ size: [String]) throws -> Read {
        guard Self.missing.isEmpty else { return Read(text: code, how: "as text, read by nobody") }
        let image = "\(folder)/code.png"
        try run(Self.pen, ["-8", "-l", "L"] + size + ["-s", "4", "-o", image, "--", code])
        let text = try run(Self.eye, ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", image])
        return Read(text: text.trimmingCharacters(in: .newlines), how: "read back by zbar")
    }

    @discardableResult
    private func run(_ program: String, _ words: [String]) throws -> String {
        let ended = try ChildProgram.run(program, words, scratch: folder)
        guard ended.isSuccess else { throw TwinError("\(program): \(ended.status) \(ended.errors)") }
        return ended.output
    }
}

extension Phone.Read {
    /// Of the address: `order` of `https://pay.example/p?order=41&stay=7`.
    func number(_ name: String) throws -> Int64 {
        let members = text.split(separator: "?").last?.split(separator: "&") ?? []
        guard let member = members.first(where: { $0.hasPrefix("\(name)=") }),
            let number = Int64(member.dropFirst(name.count + 1))
        else { throw TwinError("no \(name) in the code \(text)") }
        return number
    }
}
