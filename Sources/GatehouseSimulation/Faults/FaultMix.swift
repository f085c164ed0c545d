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

    /// Equipment and people that the injector switches; the others are habits of drivers and cameras.
    var isInjected: Bool {
        switch self {
        case .boardMute, .boardGarbled, .boardRestart, .inputStuckOn, .inputStuckOff, .relayWelded,
            .cameraSilent, .cameraClock, .diskFails, .diskStalls, .diskFull, .diskDoubt, .powerCut, .kill,
            .engineStall, .clockStep, .fire, .fob, .guardButton, .technician, .directoryChanges, .recount,
            .uplinkDark, .uplinkFlaps, .uplinkRefuses:
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
        default: isOfDisk || isOfUplink
        }
    }

    /// With one of these a count may honestly differ from what truly stands inside.
    var spoilsCounting: Bool {
        switch self {
        case .turnBack, .readTwice, .misread, .noPlate, .blockedPlate, .cameraSilent, .cameraClock,
            .cameraRepeats, .cameraLate, .cameraResends, .diskStalls, .clockStep, .directoryChanges, .forged:
            false
        default: !isOfUplink
        }
    }
}

struct FaultMix {
    private(set) var kinds: Set<FaultKind>

    /// Every eighth seed is a plain day, every other eighth has one kind alone.
    init(seed: UInt64, random: inout Random, only: Set<FaultKind>?) {
        kinds = []
        let share = seed % 8
        if share == 1 { kinds = [random.pick(FaultKind.allCases)] }
        if share > 1 {
            for kind in FaultKind.allCases where random.chance(share > 4 ? 2 : 1, in: 5) {
                kinds.insert(kind)
            }
        }
        if let only { kinds = only }
    }

    func has(_ kind: FaultKind) -> Bool { kinds.contains(kind) }

    var inOrder: [FaultKind] { FaultKind.allCases.filter(has) }

    var countsHonestly: Bool { !kinds.contains { $0.spoilsCounting } }
}
