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

func headline<Label>(_ label: Label, _ chinese: String, _ english: String) {
    say("\n── \(label). \(chinese) · \(english)")
}
