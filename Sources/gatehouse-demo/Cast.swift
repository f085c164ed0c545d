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
