// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A blocking client of a Unix line socket, for commands: one request at a time, no event loop to start.
package struct LineClient: ~Copyable {
    package enum Failure: Error, Hashable, Sendable {
        /// Nobody listens at the path, or it may not be entered.
        case unreachable(path: String, why: String)
        case closed
    }

    private let descriptor: Int32
    private var pending: [UInt8] = []

    package init(path: String) throws(Failure) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard descriptor >= 0, bytes.count < capacity else {
            throw .unreachable(path: path, why: "the path is too long for a socket")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let answer = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answer == 0 else { throw .unreachable(path: path, why: errorText(errno)) }
    }

    deinit { close(descriptor) }

    package mutating func send(_ line: [UInt8]) throws(Failure) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw .closed }
            rest = rest.dropFirst(count)
        }
    }

    /// The next line without its end.
    package mutating func receive() throws(Failure) -> [UInt8] {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                defer { pending.removeFirst(end + 1) }
                return Array(pending[..<end])
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw .closed }
            pending.append(contentsOf: chunk[..<count])
        }
    }
}
