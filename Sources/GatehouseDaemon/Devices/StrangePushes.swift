// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import Synchronization

/// Pushes to a path that is no camera's: a camera that was set up wrongly is otherwise silent for ever. Each is logged
/// once, and of hostile ones only so many.
final class StrangePushes: Sendable {
    private static let limit = 32

    private let seen = Mutex<Set<String>>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func note(path: String, from peer: String) {
        let shown = path.prefix(80).filter { $0.isASCII && !$0.isWhitespace }
        let isNew = seen.withLock { seen in
            guard seen.count < Self.limit else { return false }
            return seen.insert("\(peer) \(shown)").inserted
        }
        guard isNew else { return }
        logger.warning("\(peer) pushed to \(shown), which is no camera's; cameras push to /camera/NAME")
    }
}
