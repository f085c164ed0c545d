// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseCore
import GatehouseDiagnostics

/// What is odd about a row before it is written into the books: the same as one that stands is refused, what may be meant
/// is said and done.
enum BookDoubts {
    static func ordered(_ from: CivilDate?, _ to: CivilDate?) throws {
        guard let to else { return }
        if let from, to < from {
            throw CommandFailure(
                .usage, "--to: \(to.text) lies before --from, \(from.text)", hint: "exchange the two")
        }
        if to < LocalTime.zone.civil(LocalTime.now).date {
            Output.error("gatehouse: --to: \(to.text) lies in the past: nothing opens by this permit")
        }
    }

    static func ordered(_ from: WallTime, _ to: WallTime?) throws {
        guard let to, to <= from else { return }
        let zone = LocalTime.zone
        throw CommandFailure(
            .usage, "--until: \(text(to, zone)) is not after the begin, \(text(from, zone))",
            hint: "a later --until, or an earlier --from")
    }

    /// `known` are those of the same vehicle or card.
    static func duplicate(_ new: Permit, among known: [Permit]) throws {
        for old in known
        where old.endedAt == nil && old.credential == new.credential && old.household == new.household {
            var same = new
            same.id = old.id
            guard same == old else {
                Output.error(
                    "gatehouse: \(new.credential.shown) has permit \(old.id) as well; both hold"
                        + "\n  try: gatehouse permit end \(old.id) --reason CODE, if it was to be replaced")
                continue
            }
            throw CommandFailure(
                .refused, "permit \(old.id) for \(new.credential.shown) says the same and is in force",
                hint: "gatehouse permit show \(new.credential.text)")
        }
    }

    static func duplicate(_ new: ListEntry, among known: [ListEntry]) throws {
        let now = LocalTime.now
        for old in known
        where old.list == new.list && old.plate == new.plate && old.effectiveTo.map({ now < $0 }) ?? true {
            var same = new
            (same.id, same.author) = (old.id, old.author)
            if old.effectiveFrom <= new.effectiveFrom { same.effectiveFrom = old.effectiveFrom }
            guard same == old else {
                Output.error(
                    "gatehouse: \(new.plate.text) stands on the \(new.list.rawValue) list as entry \(old.id) as well"
                        + "\n  try: gatehouse list end \(old.id) --reason CODE, if it was to be replaced")
                continue
            }
            throw CommandFailure(
                .refused,
                "entry \(old.id) for \(new.plate.text) on the \(new.list.rawValue) list says the same and is in force",
                hint: "gatehouse list show")
        }
    }

    private static func text(_ time: WallTime, _ zone: ZoneRules) -> String {
        "\(zone.civil(time).date.text) \(WatchLine.clock(time, zone).prefix(5))"
    }
}
