// SPDX-License-Identifier: Apache-2.0

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

    /// Rows of `directory` that are permits or list entries.
    static let credentials = 4

    static let directory = """
        kind,plate,household,spaces,valid_from,valid_to,windows,areas,direction,list,reason,author,expires
        household,,3-2-501,2,,,,,,,,,
        household,,3-2-502,2,,,,,,,,,
        permit,沪A12345,3-2-501,,,,,,,,,,
        permit,沪C30Y76,3-2-501,,,,,,,,,,
        permit,沪B8D602,3-2-502,,,,,,,,,,
        list,沪D99999,,,,,,,,deny_entry,damaged the barrier in March,office,

        """
}
