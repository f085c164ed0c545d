// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import Glibc

enum FileReading {
    /// Captures are small; whoever pipes in more has the wrong file.
    private static let maximum = 64 << 20

    static func standardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.data, "standard input cannot be read") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= maximum else {
                throw CommandFailure(.data, "standard input: more than \(maximum >> 20) MiB")
            }
        }
    }
}
