// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
import Glibc

/// What went wrong outside the gateway: in the twins, the child programs or the waiting for them.
package struct TwinError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }

    package static func system(_ what: String, _ number: Int32 = errno) -> TwinError {
        TwinError("\(what): \(unsafe String(cString: strerror(number)))")
    }
}

/// Waits for a condition, never for a time: looks every 20 ms until there is an answer; at the deadline says
/// what was missing.
@discardableResult
package func waiting<Answer>(
    for what: String, within limit: Duration, _ look: () throws -> Answer?
) throws -> Answer {
    let deadline = TwinClock.uptime() + limit
    while true {
        if let answer = try look() { return answer }
        guard TwinClock.uptime() < deadline else {
            throw TwinError("waited \(limit.inMilliseconds) ms in vain for \(what)")
        }
        usleep(20_000)
    }
}

/// The same for a task, which must not block its thread.
@discardableResult
package func awaiting<Answer>(
    _ what: String, within limit: Duration, _ look: () async throws -> Answer?
) async throws -> Answer {
    let deadline = TwinClock.uptime() + limit
    while true {
        if let answer = try await look() { return answer }
        guard TwinClock.uptime() < deadline else {
            throw TwinError("waited \(limit.inMilliseconds) ms in vain for \(what)")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}
