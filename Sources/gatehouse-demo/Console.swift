// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

private let console = Mutex(())

/// One whole line at a time, at once: lines of `gatehouse watch` come from another thread.
func say(_ text: String) {
    console.withLock { _ in
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}

func headline(_ number: Int, _ chinese: String, _ english: String) {
    say("\n── \(number). \(chinese) · \(english)")
}
