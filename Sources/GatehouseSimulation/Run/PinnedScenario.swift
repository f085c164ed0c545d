// SPDX-License-Identifier: Apache-2.0

/// A run with a name: a seed that once failed, or a scene that a hazard asks for.
package struct PinnedScenario: Sendable {
    package var name: String
    package var options: RunOptions

    init(
        _ name: String, seed: UInt64, hours: Int = 2, form: Estate.Form, faults: Set<FaultKind>,
        _ scenes: [Scene]
    ) {
        self.name = name
        options = RunOptions(seed: seed, hours: hours)
        options.form = form.rawValue
        options.onlyFaults = faults
        options.scenes = scenes
    }

    private static func after(_ seconds: Int, _ act: Scene.Act) -> Scene {
        Scene(at: .seconds(seconds), act: act)
    }

    package static let all: [PinnedScenario] = [
        PinnedScenario(
            "H-14 a vehicle is forgotten under the arm, then the process is killed", seed: 8, form: .modest,
            faults: [.tuneOut],
            [after(30, .car(1, .stalls(.seconds(1500)))), after(700, .fault(.kill, gate: 0))]),
        PinnedScenario(
            "H-15 power is cut with a vehicle on the safety loop", seed: 16, form: .full, faults: [],
            [after(30, .car(2, .stalls(.seconds(600)))), after(120, .fault(.powerCut, gate: 0))]),
        PinnedScenario(
            "H-21 one picture comes three times", seed: 24, form: .full,
            faults: [.cameraRepeats, .readTwice], []),
        PinnedScenario(
            "H-23 the disk stalls while cars come", seed: 32, form: .full, faults: [.diskStalls],
            [after(60, .fault(.diskStalls, gate: 0)), after(62, .car(3, .ordinary))]),
        PinnedScenario(
            "H-27 a fire during a power cut", seed: 40, form: .full, faults: [],
            [after(300, .fault(.fire, gate: 0)), after(330, .fault(.powerCut, gate: 0))]),
        PinnedScenario(
            "H-41 everybody follows the car ahead", seed: 48, form: .full, faults: [.tailgate, .bumper], []),
        PinnedScenario(
            "the disk is full for minutes", seed: 56, form: .interlocked, faults: [.diskFull],
            [after(200, .fault(.diskFull, gate: 0)), after(210, .car(4, .ordinary))]),
        PinnedScenario(
            "a driver turns back, another backs off the loop", seed: 64, form: .twoWay, faults: [.turnBack],
            []),
        PinnedScenario(
            "the board restarts while its lane is busy", seed: 72, form: .full, faults: [],
            [after(30, .car(5, .ordinary)), after(41, .fault(.boardRestart, gate: 0))]),
        PinnedScenario(
            "two cars come in under one plate", seed: 105, hours: 3, form: .full, faults: [.forged], []),
        PinnedScenario(
            "H-14 a loop forgets a vehicle while the process is dead", seed: 5037, hours: 7,
            form: .interlocked,
            faults: [
                .boardMute, .cameraLate, .diskFails, .diskFull, .diskDoubt, .kill, .engineStall, .guardButton,
                .technician, .absentGuard, .tuneOut, .tailgate, .stall, .forged,
            ], []),
        PinnedScenario(
            "a door stands open while the process is killed", seed: 104, form: .full, faults: [],
            [
                after(40, .walker(2, way: 1, .props(.seconds(60)))),
                after(50, .fault(.kill, gate: 0)),
            ]),
        PinnedScenario(
            "one presses the exit button and goes away, the next one is not kept in", seed: 112,
            form: .modest,
            faults: [],
            [
                after(600, .presses(way: 0)), after(603, .presses(way: 0)), after(606, .presses(way: 0)),
                after(609, .presses(way: 0)),
            ]),
        PinnedScenario(
            "somebody hammers the exit button, and the next one is let out", seed: 120, form: .full,
            faults: [],
            (0..<10).map { Scene(at: .seconds(600) + .milliseconds(500 * $0), act: .presses(way: 1)) }
                + [after(612, .presses(way: 1))]),
    ]
}
