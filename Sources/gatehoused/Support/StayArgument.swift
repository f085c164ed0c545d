// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// How people name a stay that is not finished: by its number, its plate, or the code of a car without one.
enum StayArgument: ExpressibleByArgument, Equatable {
    case number(Int64)
    case plate(Plate)

    static let help: ArgumentHelp = "Number of the stay, its plate, or its code, TMP-004711."

    init?(argument: String) {
        if let number = Int64(argument) {
            guard number > 0 else { return nil }
            self = .number(number)
        } else if argument.uppercased().hasPrefix("TMP-") {
            guard let code = Plate(argument.uppercased()) else { return nil }
            self = .plate(code)
        } else if let plate = PlateGrammar.parse(argument).plate {
            self = .plate(plate)
        } else {
            return nil
        }
    }

    /// As the daemon wants it; a plate is looked up among the stays that are not finished.
    func number(_ options: SocketOptions) throws -> Int64 {
        switch self {
        case .number(let number): return number
        case .plate(let plate): return try Self.number(of: plate, options)
        }
    }

    private static func number(of plate: Plate, _ options: SocketOptions) throws -> Int64 {
        var session = try Session(path: options.socket)
        let list = try Session.read(try session.ask(.stay(.list(all: true))), as: StayListResult.self)
        guard let stay = list.stays.last(where: { $0.plate == plate }) else {
            throw CommandFailure(
                .notFound, "no unfinished stay of \(plate.text)", hint: "gatehouse stay list --all")
        }
        return stay.id.number
    }
}
