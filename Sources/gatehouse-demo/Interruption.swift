// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Ctrl-C and SIGTERM: tidy up, then end. Signals arrive on a queue, where everything may be called.
enum Interruption {
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    static func watch(_ tidy: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                tidy()
                exit(128 + number)
            }
            source.resume()
            unsafe sources.append(source)
        }
    }
}
