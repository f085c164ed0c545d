// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// The tables of docs/configuration.md that the code can say itself; a test compares them.
package enum ConfigReference {
    /// `| name | default | range |` for each timer of a lane.
    package static var timerRows: [String] {
        let defaults = LaneTimers()
        return LaneTimers.specifications.map { specification in
            switch specification.setting {
            case .duration(let path, let range):
                let value = defaults[keyPath: path].planText
                return "| `\(specification.key)` | \(value) | "
                    + "\(range.lowerBound.planText) to \(range.upperBound.planText) |"
            case .count(let path, let range):
                return
                    "| `\(specification.key)` | \(defaults[keyPath: path]) | \(range.lowerBound) to \(range.upperBound) |"
            }
        }
    }

    /// The same for each timer of a turnstile or a door.
    package static var walkwayTimerRows: [String] {
        let defaults = WalkwayTimers()
        return WalkwayTimers.specifications.map { specification in
            switch specification.setting {
            case .duration(let path, let range):
                "| `\(specification.key)` | \(defaults[keyPath: path].planText) | "
                    + "\(range.lowerBound.planText) to \(range.upperBound.planText) |"
            case .count(let path, let range):
                "| `\(specification.key)` | \(defaults[keyPath: path]) | \(range.lowerBound) to \(range.upperBound) |"
            }
        }
    }

    package static var directoryColumns: [String] { DirectoryFile.columns }
}
