// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Vzenith's numbers for plates (`lpr-cameras.md` §3.1, §3.6, `plates.md` §4). Unknown ones become `unknown` or
/// `other`, never an error.
enum VzenithCodes {
    static func color(_ number: Int64?) -> PlateColor {
        switch number {
        case 1: .blue
        case 2: .yellow
        case 3: .white
        case 4: .black
        case 5: .green
        case 6: .yellowGreen
        case 7: .other
        default: .unknown
        }
    }

    static func kind(_ number: Int64?, isClone: Bool) -> PlateKind {
        switch number {
        case nil, 0: .unknown
        case 1: .smallCivil
        case 2: .foreignBlack
        case 3, 4: .largeCivil
        case 5: .police
        case 6: .armedPolice
        case 8, 9: .military
        case let number?: isClone ? kindOfClone(number) : kindOfVzenith(number)
        }
    }

    private static func kindOfVzenith(_ number: Int64) -> PlateKind {
        switch number {
        case 7: .personalised
        case 10: .embassy
        case 11, 14: .hkMacau
        case 12: .agricultural
        case 13: .learner
        case 15, 16, 17: .armedPolice
        case 18, 25: .civilAviation
        case 19: .nevSmall
        case 20: .nevLarge
        case 21: .emergency
        case 22: .consulate
        case 31: .unknown
        default: .other
        }
    }

    private static func kindOfClone(_ number: Int64) -> PlateKind {
        switch number {
        case 7: .armedPolice
        case 10: .personalised
        case 11: .nevSmall
        case 12: .nevLarge
        case 13: .embassy
        case 14: .consulate
        case 15: .civilAviation
        case 16: .emergency
        default: .other
        }
    }

    /// Motion in the picture: left, right, up, down.
    static func direction(_ number: Int64?, approach: Int) -> ObservedDirection {
        let opposites: [Int64: Int64] = [1: 2, 2: 1, 3: 4, 4: 3]
        guard let number, let opposite = opposites[number] else { return .unknown }
        if number == Int64(approach) { return .approach }
        return opposite == Int64(approach) ? .leave : .unknown
    }

    /// A vehicle lingers, lingers no more, has turned back: none of them arrives. Other numbers are bits of video,
    /// contact, software and virtual loop, alone or together.
    static func isArrival(_ trigger: Int64) -> Bool { ![64, 65, 66].contains(trigger) }
}
