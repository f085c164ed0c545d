// SPDX-License-Identifier: Apache-2.0

import GatehouseDrivers
import Synchronization

/// Lines of a chip that is not there: levels in the test's hands.
final class FakeLines: GPIOLines {
    struct State {
        var outputs: [Bool]
        var inputs: [Bool]
        var isGone = false
        /// Outputs that stay active whatever is written.
        var welded: Set<Int> = []
        var writes: [Bool] = []
        var looks = 0
    }

    let hasEdges: Bool
    private let state: Mutex<State>

    init(outputs: [Bool], inputs: [Bool], hasEdges: Bool = true) {
        self.hasEdges = hasEdges
        state = Mutex(State(outputs: outputs, inputs: inputs))
    }

    var now: State { state.withLock { $0 } }
    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func set(_ channel: Int, _ isActive: Bool) throws(GPIOTrouble) {
        let isGone = state.withLock { state in
            guard !state.isGone else { return true }
            state.outputs[channel - 1] = isActive || state.welded.contains(channel)
            state.writes.append(isActive)
            return false
        }
        if isGone { throw GPIOTrouble("the chip is gone") }
    }

    func outputs() throws(GPIOTrouble) -> [Bool] { try read(\.outputs) }

    func inputs() throws(GPIOTrouble) -> [Bool] {
        change { $0.looks += 1 }
        return try read(\.inputs)
    }

    private func read(_ path: KeyPath<State, [Bool]>) throws(GPIOTrouble) -> [Bool] {
        let now = now
        guard !now.isGone else { throw GPIOTrouble("the chip is gone") }
        return now[keyPath: path]
    }
}
