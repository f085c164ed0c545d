// SPDX-License-Identifier: Apache-2.0

/// By whose right vehicles are inside.
extension Site {
    /// A plate that nobody decided about.
    /// - Parameter stay: the one that it is about, where it has begun already.
    package func holder(
        of plate: Plate, area: String, besides stay: StayID? = nil, at now: Moment
    ) -> StayHolder {
        directory.holder(
            of: plate, plan: plan.policy, zone: plan.zone, area: area, visits: memory.visits, besides: stay,
            at: now)
    }

    /// What a person says the plate of a stay is. Who came in on a visitor's pass that held then is a guest, though it
    /// may be over by now.
    package func holder(of plate: Plate, booking stay: Stay, at now: Moment) -> StayHolder {
        let area = stay.opening.area
        let known = holder(of: plate, area: area, besides: stay.id, at: now)
        guard known.vehicleClass == .temporary else { return known }
        var entry = now
        entry.wall = stay.opening.passedAt
        let guest = holder(of: plate, area: area, besides: stay.id, at: entry)
        return guest.vehicleClass == .visitor ? guest : known
    }

    /// As it was decided. A visitor's car for which a person opened is a visitor's; one whose pass another entry has used
    /// up since its decision comes in on none.
    func holder(by decision: Decision) -> StayHolder {
        let holder = decision.holder
        guard [.visitor, .permit].contains(holder.vehicleClass), let plate = decision.plate,
            let permit = directory.permits(for: plate).first(where: { $0.id == holder.permit }),
            permit.visit != nil
        else { return holder }
        return memory.visits.areUsedUp(of: permit)
            ? StayHolder(.temporary) : StayHolder(.visitor, permit: permit.id)
    }
}
