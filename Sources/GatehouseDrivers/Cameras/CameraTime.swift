// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A camera's stamp: `2026-03-02T08:30:15.482+08:00`, fraction optional.
package struct CameraTime: Hashable, Sendable {
    package var wall: WallTime
    /// As the camera wrote it; of one that counts seconds, in UTC.
    package var text: String

    package init(_ wall: WallTime) {
        self.wall = wall
        text = wall.rfc3339
    }

    /// nil unless it is a date, a time and an offset; a stamp without offset says too little.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 35, bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        var milliseconds = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty else { return nil }
            milliseconds = Self.number((Array(digits) + [0x30, 0x30])[0..<3]) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = Self.offset(Array(rest)) else { return nil }
        // An Int of 32 bits ends in 2038.
        let ofDay = Int64(hour * 3600 + minute * 60 + second - offset * 60)
        let seconds = Int64(Self.days(year, month, day)) * 86_400 + ofDay
        wall = WallTime(milliseconds: seconds * 1000 + Int64(milliseconds))
        self.text = text
    }

    /// Minutes east of UTC of `Z`, `+08:00` or `+0800`.
    private static func offset(_ bytes: [UInt8]) -> Int? {
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 5 || bytes.count == 6, let sign = bytes.first, sign == 0x2B || sign == 0x2D,
            let hours = number(bytes[1..<3]), let minutes = number(bytes.suffix(2)), hours <= 14,
            minutes < 60,
            bytes.count == 5 || bytes[3] == UInt8(ascii: ":")
        else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Years that begin in March put the leap day last.
        let year = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
