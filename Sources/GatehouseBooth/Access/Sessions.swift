// SPDX-License-Identifier: Apache-2.0

internal import Crypto
package import GatehouseCore
internal import Synchronization

/// Who is logged in. A session ends 15 minutes after the last request of its page, after 12 hours in any case, and
/// with the process.
package final class Sessions: Sendable {
    package struct Session: Hashable, Sendable {
        package var name: String
        /// In every form of its pages.
        package var csrf: String
        /// Tells sessions apart in what is signed; not the cookie.
        var number: Int
        var beganAt: Uptime
        var usedAt: Uptime
    }

    package static let idle = Duration.seconds(15 * 60)
    package static let longest = Duration.seconds(12 * 3600)
    package static let maximum = 64
    package static let perGuard = 8

    private struct State: Sendable {
        /// By the hash of the cookie: a copy of this memory lets nobody in.
        var sessions: [[UInt8]: Session] = [:]
        var count = 0
        /// What a person is told on the next page that is loaded without the script.
        var said: [Int: String] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The cookie's value. When a guard has eight already, or all together 64, the one that was used least recently
    /// ends.
    package func begin(_ name: String, at now: Uptime) -> String {
        let token = Secret.token()
        state.withLock { state in
            Self.sweep(&state, at: now)
            let own = state.sessions.filter { $0.value.name == name }
            if own.count >= Self.perGuard { Self.endOldest(of: own, &state) }
            if state.sessions.count >= Self.maximum { Self.endOldest(of: state.sessions, &state) }
            state.count += 1
            state.sessions[Self.key(token)] = Session(
                name: name, csrf: Secret.token(), number: state.count, beganAt: now, usedAt: now)
        }
        return token
    }

    package func find(_ token: String, at now: Uptime) -> Session? {
        let key = Self.key(token)
        return state.withLock { state in
            guard var session = state.sessions[key] else { return nil }
            guard Self.isAlive(session, at: now) else {
                Self.end(key, &state)
                return nil
            }
            session.usedAt = now
            state.sessions[key] = session
            return session
        }
    }

    package func end(_ token: String) { state.withLock { Self.end(Self.key(token), &$0) } }

    package var count: Int { state.withLock { $0.sessions.count } }

    func say(_ text: String, to session: Session) {
        state.withLock { $0.said[session.number] = text }
    }

    func takeSaid(to session: Session) -> String? {
        state.withLock { $0.said.removeValue(forKey: session.number) }
    }

    private static func key(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }

    private static func isAlive(_ session: Session, at now: Uptime) -> Bool {
        now - session.usedAt < idle && now - session.beganAt < longest
    }

    private static func sweep(_ state: inout State, at now: Uptime) {
        for (key, session) in state.sessions where !isAlive(session, at: now) { end(key, &state) }
    }

    private static func endOldest(of sessions: [[UInt8]: Session], _ state: inout State) {
        guard let oldest = sessions.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        end(oldest.key, &state)
    }

    private static func end(_ key: [UInt8], _ state: inout State) {
        guard let session = state.sessions.removeValue(forKey: key) else { return }
        state.said[session.number] = nil
    }
}
