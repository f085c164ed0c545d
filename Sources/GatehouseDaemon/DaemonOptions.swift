// SPDX-License-Identifier: Apache-2.0

/// Process knobs; everything about the site stands in `site.yaml`.
package struct DaemonOptions: Sendable {
    package var site: String
    package var profiles: String
    /// nil: as the site file says. For trying a site file beside a running gateway.
    package var stateFolder: String?
    package var socket: String?
    package var logLevel: String

    package init(
        site: String, profiles: String, stateFolder: String? = nil, socket: String? = nil,
        logLevel: String = "info"
    ) {
        self.site = site
        self.profiles = profiles
        self.stateFolder = stateFolder
        self.socket = socket
        self.logLevel = logLevel
    }
}

/// Exit codes of the daemon, by sysexits.h.
package enum DaemonExit {
    package static let ok: Int32 = 0
    package static let software: Int32 = 70
    /// Another gateway answers at the socket, another process writes the journal, or the system gives no event
    /// descriptor. A socket or port that cannot be had is a fault and no end.
    package static let osFailure: Int32 = 71
    /// The journal opened at last but is not the one that this process began with: start anew.
    package static let temporary: Int32 = 75
    package static let configuration: Int32 = 78
}
