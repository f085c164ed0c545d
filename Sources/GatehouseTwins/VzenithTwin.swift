// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseCore
package import GatehouseSimulation
internal import Synchronization

/// A camera that pushes its events over TCP, reads the answers and does what they say.
package final class VzenithTwin: Sendable {
    /// What became of one push.
    package struct Answer: Hashable, Sendable {
        package var what: String
        /// nil: no answer came.
        package var status: Int?
        package var action: VzenithCameraModel.Action
    }

    private struct State: Sendable {
        var camera: VzenithCameraModel
        var answers: [Answer] = []
    }

    private let address: String
    private let port: UInt16
    private let state: Mutex<State>
    private let pulsed: @Sendable (Int) -> Void

    /// `address` is one of 127.0.0.0/8; `pulsed` is its relay.
    package init(
        name: String, address: String, port: UInt16, pulsed: @escaping @Sendable (Int) -> Void
    ) {
        self.address = address
        self.port = port
        self.pulsed = pulsed
        var camera = VzenithCameraModel(address: address, target: "/camera/\(name)")
        camera.host = "127.0.0.1:\(port)"
        state = Mutex(State(camera: camera))
    }

    /// In the order in which they came.
    package var answers: [Answer] { state.withLock { $0.answers } }

    package var openings: Int { answers.count { $0.action.pulsed != nil } }

    /// Returns at once. The bytes go `times` times, as cameras repeat what was not answered in time.
    package func send(_ sight: VzenithCameraModel.Sight, times: Int = 1) {
        let request = state.withLock { $0.camera.capture(sight, at: TwinClock.wall()) }
        for _ in 0..<times { push(sight.plate, request.bytes) }
    }

    /// In comet mode the answer comes when there is something to say.
    package func sendHeartbeat() { push("heartbeat", state.withLock { $0.camera.heartbeat() }.bytes) }

    private func push(_ what: String, _ bytes: [UInt8]) {
        Thread.detachNewThread { [self] in
            let answer = PlainHTTP.exchange(bytes, from: address, port: port, patience: 30)
            let action = state.withLock { state in
                let action = answer.map { state.camera.act(on: $0.status, $0.body) } ?? .init()
                state.answers.append(Answer(what: what, status: answer?.status, action: action))
                return action
            }
            if let output = action.pulsed { pulsed(output) }
        }
    }
}
