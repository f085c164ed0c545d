// SPDX-License-Identifier: Apache-2.0

/// What this program calls itself in records, on the socket and in `--version`.
package enum Version {
    package static let text = "0.1.0"
}
