// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Hikvision's words for plates (`lpr-cameras.md` §1.6, `plates.md` §4). The misspellings are the maker's.
/// Unknown words become `unknown`, never an error.
enum HikvisionCodes {
    static func color(_ word: String?) -> PlateColor {
        switch word {
        case "blue": .blue
        case "yellow": .yellow
        case "white": .white
        case "black": .black
        case "green", "newEnergyGreen": .green
        case "newEnergyYellowGreen": .yellowGreen
        case "red", "orange", "civilAviationBlack", "civilAviationGreen", "mixedColor", "other": .other
        default: .unknown
        }
    }

    /// `92TypeCivil` and `newEnergy` cover several kinds: the colour decides.
    static func kind(_ word: String?, color: PlateColor) -> PlateKind {
        switch word {
        case "92TypeCivil": civilKind(color)
        case "02TypePersonalized": .personalised
        case "yellowTwoLine": .largeCivil
        case "arm": .police
        case "92TypeArm", "oneLineArm", "twoLineArm", "2012TypeOneLineArm", "2012TypeTwoLineArm": .armedPolice
        case "upDownMilitay", "leftRightMilitay", "04NewMilitay": .military
        case "embassy": .embassy
        case "consulate": .consulate
        case "hongKongMacao": .hkMacau
        case "coach": .learner
        case "trailer": .trailer
        case "yellow1225FarmVehicle", "green1325FarmVehicle", "yellow1325FarmVehicle": .agricultural
        case "motorola": .motorcycle
        case "newEnergy": color == .yellowGreen ? .nevLarge : .nevSmall
        case "civilAviation": .civilAviation
        case "emergency": .emergency
        case "tempTravl", "tempEntry": .temporary
        case nil, "unknown": .unknown
        default: .other
        }
    }

    private static func civilKind(_ color: PlateColor) -> PlateKind {
        switch color {
        case .yellow: .largeCivil
        case .black: .foreignBlack
        case .blue: .smallCivil
        default: .unknown
        }
    }

    /// Towards the lens is forward.
    static func direction(_ word: String?) -> ObservedDirection {
        switch word {
        case "forward": .approach
        case "reverse": .leave
        default: .unknown
        }
    }

    static func role(ofPicture name: String) -> String {
        switch name {
        case "licensePlatePicture": "plate"
        case "detectionPicture": "overview"
        case "vehiclePicture": "vehicle"
        default: "other"
        }
    }
}
