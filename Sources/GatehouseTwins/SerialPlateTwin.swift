// SPDX-License-Identifier: Apache-2.0

package import GatehouseSimulation
internal import Synchronization

/// A camera that prints plates on a serial line, on a real pseudo-terminal.
package final class SerialPlateTwin: Sendable {
    private let tty: TtyTwin
    private let camera: SerialPlateModel
    private let waiting = Mutex<[[UInt8]]>([])

    package init(_ camera: SerialPlateModel = SerialPlateModel(.line)) throws {
        self.camera = camera
        tty = try TtyTwin("plates")
    }

    /// What a site file names: a link to the end that the gateway opens.
    package var path: String { tty.path }

    package func start() {
        tty.start { [self] _, _ in
            waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }

    /// A vehicle is seen.
    package func see(_ plate: String) { waiting.withLock { $0.append(camera.bytes(of: plate)) } }

    /// These bytes, whatever they mean.
    package func say(_ bytes: [UInt8]) { waiting.withLock { $0.append(bytes) } }

    package func pull() { tty.pull() }

    package func plugIn() throws { try tty.plugIn() }

    package func stop() { tty.stop() }
}
