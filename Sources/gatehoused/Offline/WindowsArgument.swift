// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore

/// Weekly windows in the words of the directory file: `Mon-Fri 07:00-19:00; Sat 08:00-12:00`.
enum WindowsArgument {
    static func parse(_ text: String) throws -> [WeeklyWindow] {
        guard let windows = DirectoryWindow.parse(text) else {
            throw CommandFailure(
                .usage, "--windows: \"\(text)\" is none", hint: "\"Mon-Fri 07:00-19:00; Sat 08:00-12:00\"")
        }
        return windows.compactMap(core)
    }

    static func core(_ window: DirectoryWindow) -> WeeklyWindow? {
        WeeklyWindow(days: window.days, fromMinute: window.fromMinute, toMinute: window.toMinute)
    }
}
