// SPDX-License-Identifier: Apache-2.0

/// Everything that can go wrong or strange. Each seed switches most kinds off entirely, so that rare
/// combinations are not drowned by common ones (swarm testing).
package enum FaultKind: String, CaseIterable, Sendable {
    case boardMute, boardGarbled, boardRestart, inputStuckOn, inputStuckOff, relayWelded
    case cameraSilent, cameraClock, cameraRepeats, cameraLate, cameraResends
    case diskFails, diskStalls, diskFull, diskDoubt
    case powerCut, kill, engineStall, clockStep, badClockAtBoot
    case fire, fob, guardButton, technician, directoryChanges, absentGuard
    case tuneOut, turnBack, reverseOff, tailgate, bumper, stall, rider, trailer, wrongWay
    case forged, noPlate, misread, blockedPlate, readTwice
    case recount
    case uplinkDark, uplinkFlaps, uplinkRefuses
    // Of the ways for people.
    case footBoardMute, footBoardGarbled, footBoardRestart, footContactStuck
    case readerSilent, readerGarbled
    case footGuard, crowd, strangers, standsStill, showsTwice, follows, forces, propsOpen
    // Of the display cards.
    case displaySilent, displayRestart, displayGarbled
    // Of the cameras that open.
    case openerShaky, openerRestart
    // Of drivers who pay.
    case paysLate, paysTwice, paysWrongly, neverPays, paysInPart, paysBefore, cancelsPayment
    /// The power goes in the milliseconds between a payment and its commit.
    case cutWhilePaying
    // Of providers that are asked for money.
    case orderLost, orderRefused, orderConfirmed, orderMute, orderPaidLate, providerAway
    // Of guards with a drawer.
    case guardTakesMoney, miscounts

    /// At the ways for people alone: vehicles never notice.
    var isOfFeet: Bool {
        switch self {
        case .footBoardMute, .footBoardGarbled, .footBoardRestart, .footContactStuck, .readerSilent,
            .readerGarbled, .footGuard, .crowd, .strangers, .standsStill, .showsTwice, .follows, .forces,
            .propsOpen:
            true
        default: false
        }
    }

    /// At the display cards alone: nothing that moves notices.
    var isOfDisplays: Bool { [.displaySilent, .displayRestart, .displayGarbled].contains(self) }

    var isOfOpeners: Bool { self == .openerShaky || self == .openerRestart }

    /// Habits of drivers and guards with money: the equipment never notices.
    var isOfPayers: Bool {
        switch self {
        case .paysLate, .paysTwice, .paysWrongly, .neverPays, .paysInPart, .paysBefore, .cancelsPayment,
            .cutWhilePaying, .guardTakesMoney, .miscounts, .orderLost, .orderRefused, .orderConfirmed,
            .orderMute, .orderPaidLate, .providerAway:
            true
        default: false
        }
    }

    /// Came later, and leaves the days of the others as they were.
    var hasOwnStream: Bool { isOfDisplays || isOfOpeners || isOfPayers }

    var isOfReaders: Bool { self == .readerSilent || self == .readerGarbled }

    /// Equipment and people that the injector switches; the others are habits of drivers and cameras.
    var isInjected: Bool {
        switch self {
        case .boardMute, .boardGarbled, .boardRestart, .inputStuckOn, .inputStuckOff, .relayWelded,
            .cameraSilent, .cameraClock, .diskFails, .diskStalls, .diskFull, .diskDoubt, .powerCut, .kill,
            .engineStall, .clockStep, .fire, .fob, .guardButton, .technician, .directoryChanges, .recount,
            .uplinkDark, .uplinkFlaps, .uplinkRefuses, .footBoardMute, .footBoardGarbled, .footBoardRestart,
            .footContactStuck, .readerSilent, .readerGarbled, .footGuard, .crowd, .displaySilent,
            .displayRestart, .displayGarbled, .openerShaky, .openerRestart:
            true
        default: false
        }
    }

    /// Upstream alone: lanes never notice.
    var isOfUplink: Bool { [.uplinkDark, .uplinkFlaps, .uplinkRefuses].contains(self) }

    /// The store refuses, stalls or doubts.
    var isOfDisk: Bool { [.diskFails, .diskStalls, .diskFull, .diskDoubt].contains(self) }

    /// Whoever wants to leave can, whatever of these is the matter.
    var leavesExitsWorking: Bool {
        switch self {
        case .cameraSilent, .cameraClock, .clockStep, .directoryChanges, .recount: true
        default: isOfDisk || isOfUplink || isOfFeet || isOfDisplays || isOfPayers
        }
    }

    /// With one of these a count may honestly differ from what truly stands inside.
    var spoilsCounting: Bool {
        switch self {
        case .turnBack, .readTwice, .misread, .noPlate, .blockedPlate, .cameraSilent, .cameraClock,
            .cameraRepeats, .cameraLate, .cameraResends, .diskStalls, .clockStep, .directoryChanges, .forged:
            false
        default: !isOfUplink && !isOfFeet && !isOfDisplays && !isOfPayers
        }
    }
}

struct FaultMix {
    private(set) var kinds: Set<FaultKind>

    /// Every eighth seed is a plain day, every other eighth has one kind alone.
    init(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        kinds = only ?? []
        draw(FaultKind.allCases.filter { !$0.isOfFeet && !$0.hasOwnStream }, seed, &random, only)
    }

    /// From a stream of their own, so that the vehicles' days stay what they are.
    mutating func addPeople(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        draw(FaultKind.allCases.filter(\.isOfFeet), seed, &random, only)
    }

    mutating func addDisplays(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        draw(FaultKind.allCases.filter(\.isOfDisplays), seed, &random, only)
    }

    /// More often than others: only every sixth seed has such cameras.
    mutating func addOpeners(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        guard only == nil, seed % 8 != 0 else { return }
        for kind in FaultKind.allCases where kind.isOfOpeners {
            if random.chance(3, in: 5) { kinds.insert(kind) }
        }
    }

    /// More often than others: only every third seed charges.
    mutating func addPayers(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        guard only == nil, seed % 8 != 0 else { return }
        for kind in FaultKind.allCases where kind.isOfPayers {
            if random.chance(1, in: 2) { kinds.insert(kind) }
        }
    }

    private mutating func draw(
        _ among: [FaultKind], _ seed: UInt64, _ random: inout Random, _ only: Set<FaultKind>?
    ) {
        let share = seed % 8
        var drawn: Set<FaultKind> = []
        if share == 1 { drawn = [random.pick(among)] }
        if share > 1 {
            for kind in among where random.chance(share > 4 ? 2 : 1, in: 5) { drawn.insert(kind) }
        }
        if only == nil { kinds.formUnion(drawn) }
    }

    func has(_ kind: FaultKind) -> Bool { kinds.contains(kind) }

    var inOrder: [FaultKind] { FaultKind.allCases.filter(has) }

    var countsHonestly: Bool { !kinds.contains { $0.spoilsCounting } }
}
