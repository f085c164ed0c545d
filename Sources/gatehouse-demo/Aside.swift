// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseTwins
import Synchronization

/// Something that goes on beside what is played, on a thread of its own.
final class Aside<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread { [self] in
            let ended = Result { try body() }
            result.withLock { $0 = ended }
        }
    }

    /// nil while it goes on.
    var ended: Result<Value, any Error>? { result.withLock { $0 } }

    /// What came of it, once it has ended.
    func value(_ what: String, within limit: Duration) throws -> Value {
        try waiting(for: what, within: limit) { ended }.get()
    }
}
