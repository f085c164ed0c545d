// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// A vehicle with a driver. What it shows is not always what it is.
struct Car {
    enum Habit: Equatable {
        case ordinary
        /// Goes away without crossing, before or after the arm rose.
        case turnsBack
        /// Drives under the arm and backs out again.
        case reversesOff
        /// Follows the car ahead without waiting for the arm.
        case tailgates
        /// Stands under the arm for so long.
        case stalls(Duration)
        case rides
        case pullsTrailer
        /// Comes from the wrong side, waits a little, goes through if the arm is up.
        case wrongWay
    }

    /// Of its plate.
    enum Colour {
        case blue, yellow, green

        /// Some are large, some of new energy.
        init(number: Int) { self = number % 7 == 3 ? .yellow : number % 7 == 5 ? .green : .blue }
    }

    enum State: Equatable {
        case away
        /// Drives to the line or stands behind somebody.
        case approaching
        /// At the line, nose to the arm.
        case waiting
        case crossing
        /// Stopped by a lowering arm or by itself, under way.
        case halted
        case leaving
    }

    let number: Int
    var plate: Plate
    /// What hangs on it; nil: nothing readable.
    var shows: Plate?
    var isResident: Bool
    /// No resident, and here again and again.
    var comesAgain = false
    /// Of those who come to shop, for minutes or hours.
    var isCustomer = false
    /// Its pass says how often it may come, and until then when.
    var passEnds: WallTime?
    /// Left behind another before its time: so many planned trips are void.
    var spareTrips = 0
    var colour = Colour.blue
    var isInside = false
    var state = State.away
    var gate: Int?
    var direction = TravelDirection.in
    var habit = Habit.ordinary
    /// Counts plans of its driver: an older one is void.
    var intent = 0
    var arrivedAt: Uptime?
    /// Asked for help already.
    var hasCalled = false
    var isProbe = false

    /// Stands where the camera looks.
    var isBeforeArm: Bool { state == .waiting || state == .halted }
}

/// Plates: made by number, so that two cars never share one by accident.
enum PlateMaker {
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")

    static func plate(_ number: Int) -> Plate {
        var rest = number &* 7919 &+ 104_729
        var text = "沪" + String(letters[rest % letters.count])
        rest = (rest / 24) & 0xFFFFF
        for _ in 0..<5 {
            text += String(rest % 10)
            rest = rest / 10 + number % 3
        }
        return Plate(text) ?? Plate(packed: UInt64(number))
    }

    /// Plates of new energy have one character more.
    static func plate(_ number: Int, _ colour: Car.Colour) -> Plate {
        let plain = plate(number)
        guard colour == .green else { return plain }
        var text = Array(plain.text)
        text.insert("D", at: min(2, text.count))
        return Plate(String(text)) ?? plain
    }

    /// One character misread as its look-alike, or another one.
    static func misread(_ plate: Plate, _ random: inout Random) -> Plate {
        let pairs: [Character: Character] = [
            "0": "D", "1": "L", "2": "Z", "5": "S", "8": "B", "6": "G", "7": "T",
        ]
        var text = Array(plate.text)
        let place = 2 + random.below(max(1, text.count - 2))
        text[place] = pairs[text[place]] ?? "3"
        return Plate(String(text)) ?? plate
    }
}
