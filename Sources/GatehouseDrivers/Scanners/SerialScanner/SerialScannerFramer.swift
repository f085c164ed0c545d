// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Cuts what a scanner types into codes. It keeps none after its end, since it is somebody's
/// money for a minute; the memory that was let go is not overwritten.
package struct SerialScannerFramer: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case code(PaymentCode)
        case broken(Break)
    }

    /// Why something that was typed is no payment code; never what it was.
    package enum Break: String, Hashable, Sendable {
        case prefix = "without the prefix of the profile"
        case identifier = "without the identifier of the profile"
        case tooLong = "longer than any payment code"
        case foreign = "with bytes that no payment code has"
        case unfinished = "without the suffix of the profile"
    }

    private let settings: SerialScannerSettings
    private var buffer: [UInt8] = []
    /// The rest of what was too long belongs to it.
    private var isOverlong = false
    private let longest: Int

    package init(_ settings: SerialScannerSettings) {
        self.settings = settings
        longest = settings.prefix.count + 3 + PaymentCode.longest
    }

    /// Something began and has not ended.
    package var isInCode: Bool { !buffer.isEmpty || isOverlong }

    package mutating func drop() {
        buffer = []
        isOverlong = false
    }

    package mutating func receive(_ byte: UInt8) -> Result? {
        if isEnd(byte) { return isInCode ? end() : nil }
        guard buffer.count < longest else {
            buffer = []
            isOverlong = true
            return nil
        }
        if !isOverlong { buffer.append(byte) }
        return nil
    }

    /// The line was silent for a while.
    package mutating func silence() -> Result? {
        guard isInCode else { return nil }
        guard settings.suffix != .none else { return end() }
        drop()
        return .broken(.unfinished)
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        switch settings.suffix {
        case .line: byte == 0x0D || byte == 0x0A
        case .tab: byte == 0x09
        case .none: false
        }
    }

    private mutating func end() -> Result {
        defer { drop() }
        guard !isOverlong else { return .broken(.tooLong) }
        var rest = buffer[...]
        guard rest.starts(with: settings.prefix) else { return .broken(.prefix) }
        rest = rest.dropFirst(settings.prefix.count)
        switch settings.identifier {
        case .none: break
        case .letter: rest = rest.dropFirst()
        case .aim:
            guard rest.count > 3, rest.first == UInt8(ascii: "]") else { return .broken(.identifier) }
            rest = rest.dropFirst(3)
        }
        guard rest.count <= PaymentCode.longest else { return .broken(.tooLong) }
        guard let code = PaymentCode(String(decoding: rest, as: UTF8.self)) else { return .broken(.foreign) }
        return .code(code)
    }
}
