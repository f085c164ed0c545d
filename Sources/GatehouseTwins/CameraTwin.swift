// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseCore
package import GatehouseSimulation
internal import Synchronization

/// A camera that pushes its events over TCP, each on a connection of its own, from its own address.
package final class CameraTwin: Sendable {
    /// What became of one push.
    package struct Answer: Hashable, Sendable {
        package var what: String
        /// nil: no answer came.
        package var status: Int?
        package var took: Duration
    }

    private struct State: Sendable {
        var camera: PlateCameraModel
        var answers: [Answer] = []
        var underway = 0
    }

    private let address: String
    private let port: UInt16
    private let state: Mutex<State>

    /// `address` is one of 127.0.0.0/8: the gateway knows its cameras by their addresses.
    package init(name: String, address: String, port: UInt16) {
        self.address = address
        self.port = port
        var camera = PlateCameraModel(address: address, target: "/camera/\(name)")
        camera.host = "127.0.0.1:\(port)"
        state = Mutex(State(camera: camera))
    }

    package var answers: [Answer] { state.withLock { $0.answers } }
    package var isIdle: Bool { state.withLock { $0.underway == 0 } }

    /// Returns at once: a camera does not wait for one answer before it sends the next picture. The bytes go
    /// `times` times, each on its own connection, as cameras repeat what was not answered in time.
    package func send(_ sight: PlateCameraModel.Sight, times: Int = 1) {
        let request = state.withLock { $0.camera.capture(sight, at: TwinClock.wall()) }
        for _ in 0..<times { push(sight.plate, request.bytes) }
    }

    package func sendHeartbeat() {
        let request = state.withLock { $0.camera.heartbeat(at: TwinClock.wall()) }
        push("heartbeat", request.bytes)
    }

    /// Any request, under its own name in `answers`.
    package func send(raw request: [UInt8], as what: String) { push(what, request) }

    private func push(_ what: String, _ bytes: [UInt8]) {
        state.withLock { $0.underway += 1 }
        Thread.detachNewThread { [self] in
            let start = TwinClock.uptime()
            let status = PlainHTTP.exchange(bytes, from: address, port: port)?.status
            let took = TwinClock.uptime() - start
            state.withLock {
                $0.underway -= 1
                $0.answers.append(Answer(what: what, status: status, took: took))
            }
        }
    }
}
