// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseCore
internal import Glibc

/// The least of an HTTP client: writes a whole request, reads the status line. It shares nothing with the
/// gateway's listener.
package enum PlainHTTP {
    package struct Answer: Hashable, Sendable {
        package var status: Int
        /// By lower-case name.
        package var headers: [String: String]
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// nil: refused, silent for so many seconds, or not HTTP.
    package static func exchange(
        _ request: [UInt8], from source: String = "127.0.0.1", port: UInt16, patience: Int = 10
    ) -> Answer? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard call(.bind, descriptor, source, 0), call(.connect, descriptor, "127.0.0.1", port) else {
            return nil
        }
        guard sendAll(request, descriptor) else { return nil }
        return answer(descriptor)
    }

    /// A port of 127.0.0.1 that was free a moment ago.
    package static func freePort() -> UInt16? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard call(.bind, descriptor, "127.0.0.1", 0) else { return nil }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let answer = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return answer == 0 ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// Somebody listens at 127.0.0.1.
    static func isOpen(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return descriptor >= 0 && call(.connect, descriptor, "127.0.0.1", port)
    }

    /// A socket that listens at 127.0.0.1; nil: the port is taken.
    static func listen(_ port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard call(.bind, descriptor, "127.0.0.1", port), Glibc.listen(descriptor, 1) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private enum Call { case bind, connect }

    private static func call(_ which: Call, _ descriptor: Int32, _ host: String, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = unsafe inet_addr(host)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                switch which {
                case .bind: unsafe bind(descriptor, $0, length) == 0
                case .connect: unsafe connect(descriptor, $0, length) == 0
                }
            }
        }
    }

    private static func sendAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// As long as `Content-Length` says.
    private static func answer(_ descriptor: Int32) -> Answer? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            if let whole = parse(bytes) { return whole }
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// nil: not yet whole, or not HTTP.
    private static func parse(_ bytes: [UInt8]) -> Answer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else { return nil }
        let head = text[..<end.upperBound].utf8.count
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = status == 204 ? 0 : headers["content-length"].flatMap { Int($0) }
        guard let length, length >= 0, bytes.count >= head + length else { return nil }
        return Answer(status: status, headers: headers, body: Array(bytes[head..<head + length]))
    }
}
