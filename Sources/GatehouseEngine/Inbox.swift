// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
internal import Synchronization

/// The engine's one stream: device events, timers, commit results, technicians, in the order they came.
/// Every source has a bound; what happens beyond it is stated at each.
package final class Inbox: Sendable {
    /// Pending changes of one input. Beyond it the newest wins, but a dangerous value (`on`, `unknown`)
    /// stays until taken, so that a short `on` is never lost.
    package static let levelsPerInput = 4
    /// Reads of cameras and cards per device; beyond it the oldest is dropped and counted.
    package static let readsPerDevice = 8
    /// Actions of people; beyond it the caller is refused.
    package static let actions = 16

    private struct State: Sendable {
        var queue: [EngineInput] = []
        var droppedReads = Table<DeviceID, Int>()
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell: any Doorbell

    package init(bell: any Doorbell) { self.bell = bell }

    package enum Offer: Sendable { case accepted, refused }

    @discardableResult
    package func offer(_ input: EngineInput) -> Offer {
        let answer = state.withLock { state -> Offer in
            guard !state.isClosed else { return .refused }
            switch input {
            case .site(.input(let terminal, let level, _)): Self.coalesce(terminal, level, in: &state.queue)
            case .site(.observed(let observation, _)):
                if Self.dropOldestRead(of: observation.device, in: &state.queue) {
                    state.droppedReads[observation.device, default: 0] += 1
                }
            case .site(.presented(let card)):
                if Self.dropOldestRead(of: card.device, in: &state.queue) {
                    state.droppedReads[card.device, default: 0] += 1
                }
            case .site(.codeScanned(let lane, _)): Self.dropOldestCode(of: lane, in: &state.queue)
            case .site(.order), .site(.operation):
                guard Self.pendingActions(in: state.queue) < Self.actions else { return .refused }
            default: break
            }
            state.queue.append(input)
            return .accepted
        }
        bell.ring()
        return answer
    }

    /// Everything that waits, in order; empty when there is nothing.
    package func take() -> [EngineInput] {
        state.withLock { state in
            defer { state.queue.removeAll(keepingCapacity: true) }
            return state.queue
        }
    }

    /// How many reads of which device were dropped since the last call.
    package func takeDroppedReads() -> Table<DeviceID, Int> {
        state.withLock { state in
            defer { state.droppedReads.removeAll() }
            return state.droppedReads
        }
    }

    /// Refuses everything from now on.
    package func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }

    private static func coalesce(_ terminal: Terminal, _ level: Level, in queue: inout [EngineInput]) {
        var pending: [Int] = []
        for (index, entry) in queue.enumerated() {
            if case .site(.input(terminal, _, _)) = entry { pending.append(index) }
        }
        guard pending.count >= levelsPerInput else { return }
        let harmless = pending.last { index in
            if case .site(.input(_, .off, _)) = queue[index] { return true }
            return false
        }
        // All dangerous: they say the same, so the last may go.
        queue.remove(at: harmless ?? pending[pending.count - 1])
    }

    private static func dropOldestRead(of device: DeviceID, in queue: inout [EngineInput]) -> Bool {
        var pending: [Int] = []
        for (index, entry) in queue.enumerated() {
            switch entry {
            case .site(.observed(let observation, _)) where observation.device == device:
                pending.append(index)
            case .site(.presented(let card)) where card.device == device: pending.append(index)
            default: break
            }
        }
        guard pending.count >= readsPerDevice else { return false }
        queue.remove(at: pending[0])
        return true
    }

    /// The newest code is the one that still holds.
    private static func dropOldestCode(of lane: LaneID, in queue: inout [EngineInput]) {
        let pending = queue.indices.filter { index in
            if case .site(.codeScanned(lane, _)) = queue[index] { true } else { false }
        }
        if pending.count >= readsPerDevice { queue.remove(at: pending[0]) }
    }

    private static func pendingActions(in queue: [EngineInput]) -> Int {
        queue.count { entry in
            switch entry {
            case .site(.order), .site(.operation): true
            default: false
            }
        }
    }
}

/// Wakes the engine's thread. `GatehouseDaemon` makes one on an eventfd, the simulator needs none.
package protocol Doorbell: Sendable {
    func ring()
}
