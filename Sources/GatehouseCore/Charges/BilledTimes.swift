// SPDX-License-Identifier: Apache-2.0

/// An entry that may have been a vehicle's.
package struct EntryOption: Hashable, Sendable {
    /// So many besides the stay's own are looked at.
    package static let most = 3

    package var stay: StayID
    /// When it was through.
    package var at: WallTime
    package var clock: ClockStamp

    package init(stay: StayID, at: WallTime, clock: ClockStamp = .sound) {
        self.stay = stay
        self.at = at
        self.clock = clock
    }

    package init(_ stay: Stay) {
        self.init(stay: stay.id, at: stay.opening.passedAt, clock: stay.opening.clock)
    }
}

/// When a stay may have begun and ended, from facts on record alone.
///
/// A clock that was moved has several settings, and nobody knows which of them was right: that of the entry, that of the
/// exit, or, where a stamp was made in doubt, the one that was believed last. In each of them both instants are read by
/// the same clock, so the time between them is what truly passed. What was recorded, entry by one setting and exit by
/// another, stands before all of them.
struct BilledTimes {
    private(set) var options: [ChargeDoubt.Option] = []
    private(set) var causes: [ChargeDoubt.Cause] = []

    /// - Parameters:
    ///   - exit: seconds since 1970.
    ///   - others: entries of other vehicles that may have been this one's.
    init(_ stay: Stay, to exit: Int64, _ exitClock: ClockStamp, others: [EntryOption], isMisread: Bool) {
        // A person's word about the entry is no reading of the clock.
        var own = EntryOption(stay)
        if stay.opening.lane == nil { own.clock = ClockStamp(moved: exitClock.moved) }
        for entry in [own] + others.prefix(EntryOption.most) {
            add(entry, isOwn: entry.stay == stay.id, exit, exitClock)
        }
        let isMoved = own.clock.moved != exitClock.moved
        if isMoved || own.clock.doubt != nil || exitClock.doubt != nil { causes.append(.clock) }
        if isMisread || !others.isEmpty { causes.append(.misread) }
    }

    private mutating func add(_ entry: EntryOption, isOwn: Bool, _ exit: Int64, _ exitClock: ClockStamp) {
        func option(_ entryShift: Int64, _ exitShift: Int64) -> ChargeDoubt.Option {
            let left = WallTime(milliseconds: exit &* 1000) + .milliseconds(exitShift)
            return ChargeDoubt.Option(
                entry: (entry.at + .milliseconds(entryShift)).second, exit: left.second,
                stay: isOwn ? nil : entry.stay)
        }
        var found = [option(0, 0)]
        for setting in Self.settings(entry.clock, exitClock) {
            found.append(
                option(
                    setting.subtractingSaturated(entry.clock.moved),
                    setting.subtractingSaturated(exitClock.moved)))
        }
        for option in found where !options.contains(where: { $0.isSameTime(as: option) }) {
            // Nobody leaves before he comes; of what was recorded so a person decides.
            if option.exit >= option.entry || options.isEmpty { options.append(option) }
        }
    }

    private static func settings(_ entry: ClockStamp, _ exit: ClockStamp) -> [Int64] {
        var settings = [entry.moved, exit.moved]
        for clock in [entry, exit] {
            if let doubt = clock.doubt { settings.append(clock.moved.subtractingSaturated(doubt)) }
        }
        return settings
    }
}

extension ChargeDoubt.Option {
    func isSameTime(as other: Self) -> Bool { entry == other.entry && exit == other.exit }
}

extension FieldWriter {
    mutating func put(_ entries: [EntryOption]) {
        if !entries.isEmpty { put("entries", objects: entries) { $0.write(to: &$1) } }
    }
}

extension Fields {
    func entryOptions() throws(FieldError) -> [EntryOption] {
        var entries: [EntryOption] = []
        for entry in try objects("entries") { entries.append(try EntryOption(from: entry)) }
        return entries
    }
}

extension EntryOption: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("stay", stay.number)
        fields.put("at_ms", at.milliseconds)
        fields.put(clock)
    }

    package init(from fields: Fields) throws(FieldError) {
        stay = StayID(try fields.integer("stay"))
        at = try fields.wallTime("at_ms")
        clock = try fields.clockStamp()
    }
}
