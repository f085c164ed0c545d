// SPDX-License-Identifier: Apache-2.0

import GatehouseSimulation

/// Who comes this morning. Plates with the maker's colour character, as the camera writes them.
enum Cast {
    static let resident = "蓝沪A12345"
    static let neighbour = "蓝沪B8D602"
    /// How the camera first reads the neighbour.
    static let neighbourMisread = "蓝沪BBD602"
    static let family = "蓝沪C30Y76"
    static let visitor = "蓝苏E77K08"
    static let undecided = "蓝浙F5566T"
    static let courier = "蓝皖D2M915"
    static let guest = "蓝苏U6P433"
    static let blocked = "蓝沪D99999"

    /// Parked since last night, each of them to leave in a way of its own.
    static let parked = [
        atThePole, atTheBoard, withAWallet, withAnAgreement, withATag, withCash, withABalance, ofTheTeaHouse,
        withoutMoney, exempt,
    ]
    static let atThePole = "蓝鲁B5Q318"
    static let atTheBoard = "蓝浙A8M462"
    static let withAWallet = "蓝京N3T905"
    static let withAnAgreement = "蓝粤B7W126"
    static let withATag = "蓝冀R2J684"
    static let withCash = "蓝豫A9X053"
    static let withABalance = "蓝沪E64L39"
    static let ofTheTeaHouse = "蓝苏B1V872"
    static let withoutMoney = "蓝赣A4Y590"
    static let exempt = "蓝沪G08H71"

    /// What a wallet shows to a scanner.
    static let wallet = "134567890123456789"

    /// A resident on foot, and somebody with a card of another house.
    static let walker = CardReaderModel.Tag(version: 0x2A, number: 0x0061_7A69)
    static let stranger = CardReaderModel.Tag(version: 0x0F, number: 0x1234_5678)

    /// Rows of `directory` that are permits or list entries.
    static let credentials = 5

    static let directory = """
        kind,plate,card,household,spaces,list,reason,author
        household,,,3-2-501,2,,,
        household,,,3-2-502,2,,,
        permit,沪A12345,,3-2-501,,,,
        permit,沪C30Y76,,3-2-501,,,,
        permit,沪B8D602,,3-2-502,,,,
        permit,,em40:2A00617A69,3-2-502,,,,
        list,沪D99999,,,,deny_entry,damaged the barrier in March,office

        """
}

extension String {
    /// A plate without the maker's colour character.
    var bare: String { String(drop { "蓝黄绿白黑".contains($0) }) }
}
