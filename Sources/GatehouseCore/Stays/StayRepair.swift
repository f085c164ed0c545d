// SPDX-License-Identifier: Apache-2.0

/// What a person may put right about stays and counts. Authority was checked before.
package enum StayRepair: Hashable, Sendable {
    /// The plate was read wrongly. `holder` as the directory knows the right plate: whoever the wrong one
    /// belonged to has nothing to do with this car.
    case correct(StayID, PlateReading, StayHolder)
    /// An exit without a stay was this one's.
    case match(StayID, exit: Sequence)
    /// The vehicle has left, by a person's word.
    case close(StayID)
    /// The stay never was: a false opening.
    case cancel(StayID)
    /// An unidentified stay is this plate's.
    case claim(StayID, PlateReading, StayHolder)
    /// A car that was inside before the gateway was.
    case `import`(area: String, PlateReading, StayHolder, since: WallTime)
    /// So many cars were counted.
    case recount(area: String, counted: Int)
}

/// Why a repair cannot be made.
package enum StayRepairError: Error, Hashable, Sendable {
    case noSuchStay(StayID)
    case noSuchExit(Sequence)
    /// Another unfinished stay has this plate.
    case alreadyInside(Plate, StayID)
    case notUnidentified(StayID)
    case noPlate
    case negativeCount(Int)
    case otherArea(stay: String, exit: String)
}

extension StayBook {
    /// The facts of a repair, to be recorded and applied in order.
    package func facts(
        for repair: StayRepair, by repairer: StayRepairer, at now: WallTime
    ) throws(StayRepairError) -> [StayFact] {
        switch repair {
        case .correct(let id, let reading, let holder):
            _ = try existing(id)
            try requireFree(reading, besides: id)
            return [.corrected(id, reading, holder, repairer)]
        case .match(let id, let number):
            let stay = try existing(id)
            guard let exit = unmatchedExits[number] else { throw .noSuchExit(number) }
            guard exit.area == stay.opening.area else {
                throw .otherArea(stay: stay.opening.area, exit: exit.area)
            }
            return [.matched(id, exit: number, repairer)]
        case .close(let id):
            let stay = try existing(id)
            // Nobody saw it come, nobody saw it leave.
            if stay.opening.isAtExit, stay.exit == nil {
                return [.closed(id, .cancelled, nil, flags: [], repairer)]
            }
            let exit = stay.exit ?? Stay.Exit(lane: nil, recognisedAt: now, passedAt: now)
            return withUnderflows([.closed(id, .releasedByHand, exit, flags: [], repairer)])
        case .cancel(let id):
            _ = try existing(id)
            return withUnderflows([.closed(id, .cancelled, nil, flags: [], repairer)])
        case .claim(let id, let reading, let holder):
            let stay = try existing(id)
            guard stay.holder.vehicleClass == .unidentified else { throw .notUnidentified(id) }
            try requireFree(reading, besides: id)
            return [.claimed(id, reading, holder, repairer)]
        case .import(let area, let reading, let holder, let since):
            try requireFree(reading, besides: nil)
            let opening = StayOpening(
                area: area, lane: nil, plate: reading.plate, reading: reading, holder: holder,
                recognisedAt: since, passedAt: since)
            return [.imported(opening, repairer)]
        case .recount(let area, let counted):
            guard (0...1_000_000).contains(counted) else { throw .negativeCount(counted) }
            return [.areaRecounted(area: area, counted: counted, repairer)]
        }
    }

    private func existing(_ id: StayID) throws(StayRepairError) -> Stay {
        guard let stay = stay(id) else { throw .noSuchStay(id) }
        return stay
    }

    private func requireFree(_ reading: PlateReading, besides id: StayID?) throws(StayRepairError) {
        guard let plate = reading.plate, !plate.hasWildcard else { throw .noPlate }
        if let other = stay(of: plate), other.id != id { throw .alreadyInside(plate, other.id) }
    }
}
