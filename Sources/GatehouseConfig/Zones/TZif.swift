// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Reads a compiled time zone (RFC 9636, versions 1 to 4) into transitions up to the end of the year 2100:
/// those of the file, then those that its footer's rule implies. Total on any bytes.
package enum TZif {
    package enum Fault: Error, Hashable, Sendable {
        case notTZif
        case truncated
        /// What breaks the standard, for a person.
        case malformed(String)
        case leapSeconds
    }

    static let lastYear = 2100

    package static func decode(_ bytes: [UInt8], name: String) throws(Fault) -> ZoneRules {
        var cursor = ByteCursor(bytes)
        var header = try Header(&cursor)
        guard header.version >= UInt8(ascii: "2") else {
            return try zone(name, try Block(&cursor, header, timeBytes: 4), footer: "")
        }
        guard cursor.take(header.dataBytes(timeBytes: 4)) != nil else { throw .truncated }
        header = try Header(&cursor)
        let block = try Block(&cursor, header, timeBytes: 8)
        return try zone(name, block, footer: try footer(&cursor))
    }

    private static func footer(_ cursor: inout ByteCursor) throws(Fault) -> String {
        guard cursor.byte() == UInt8(ascii: "\n") else { throw .malformed("no footer") }
        var text: [UInt8] = []
        while let byte = cursor.byte() {
            if byte == UInt8(ascii: "\n") { return String(decoding: text, as: UTF8.self) }
            guard text.count < 128 else { throw .malformed("the footer is too long") }
            text.append(byte)
        }
        throw .truncated
    }

    private static func zone(_ name: String, _ block: Block, footer: String) throws(Fault) -> ZoneRules {
        var rules = ZoneRules(name: name, initialOffset: block.initialOffset, transitions: block.transitions)
        if !footer.isEmpty {
            guard let rule = TZRule(footer) else {
                throw .malformed("the footer \"\(footer)\" is not a TZ rule")
            }
            extend(&rules, by: rule)
        }
        var offset = rules.initialOffset
        rules.transitions = rules.transitions.filter { transition in
            defer { offset = transition.offset }
            return transition.offset != offset
        }
        return rules
    }

    private static func extend(_ rules: inout ZoneRules, by rule: TZRule) {
        let end =
            CivilDate(year: lastYear + 1, month: 1, day: 1).map { Int64($0.daysSince1970) * 86_400 } ?? 0
        let last = rules.transitions.last?.at
        let start = min(max(last ?? 0, 0), end)
        let firstYear = CivilDate(daysSince1970: Int(start / 86_400)).year
        guard firstYear <= lastYear else { return }
        for year in firstYear...lastYear {
            for transition in rule.transitions(in: year) where last.map({ transition.at > $0 }) ?? true {
                while let previous = rules.transitions.last, previous.at >= transition.at,
                    previous.at > last ?? .min
                {
                    rules.transitions.removeLast()
                }
                rules.transitions.append(transition)
            }
        }
    }

    private struct Header {
        var version: UInt8
        /// isut, isstd, leap, time, type, char
        var counts: [Int]

        init(_ cursor: inout ByteCursor) throws(Fault) {
            guard let magic = cursor.take(4), magic.elementsEqual("TZif".utf8) else { throw .notTZif }
            guard let version = cursor.byte(), cursor.take(15) != nil else { throw .truncated }
            self.version = version
            counts = []
            for _ in 0..<6 {
                guard let count = cursor.unsigned32() else { throw .truncated }
                guard count <= 1 << 20 else { throw .malformed("a count of \(count)") }
                counts.append(count)
            }
        }

        func dataBytes(timeBytes: Int) -> Int {
            counts[3] * (timeBytes + 1) + counts[4] * 6 + counts[5] + counts[2] * (timeBytes + 4) + counts[1]
                + counts[0]
        }
    }

    private struct Block {
        var initialOffset: Int
        var transitions: [ZoneRules.Transition]

        init(_ cursor: inout ByteCursor, _ header: Header, timeBytes: Int) throws(Fault) {
            guard cursor.remaining >= header.dataBytes(timeBytes: timeBytes) else { throw .truncated }
            guard header.counts[2] == 0 else { throw .leapSeconds }
            var instants: [Int64] = []
            for _ in 0..<header.counts[3] {
                let instant = timeBytes == 8 ? cursor.signed64() : cursor.signed32().map(Int64.init)
                guard let instant else { throw .truncated }
                if let last = instants.last, instant <= last { throw .malformed("instants do not rise") }
                instants.append(instant)
            }
            guard let indices = cursor.take(header.counts[3]) else { throw .truncated }
            var offsets: [Int] = []
            for _ in 0..<header.counts[4] {
                guard let offset = cursor.signed32(), cursor.take(2) != nil else { throw .truncated }
                guard (-89_999...93_599).contains(offset) else {
                    throw .malformed("an offset of \(offset) s")
                }
                offsets.append(offset)
            }
            guard let first = offsets.first else { throw .malformed("no local time type") }
            guard indices.allSatisfy({ Int($0) < offsets.count }) else {
                throw .malformed("a type out of range")
            }
            guard cursor.take(header.counts[5] + header.counts[1] + header.counts[0]) != nil else {
                throw .truncated
            }
            initialOffset = first
            transitions = zip(instants, indices).map {
                ZoneRules.Transition(at: $0, offset: offsets[Int($1)])
            }
        }
    }
}
