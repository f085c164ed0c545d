// SPDX-License-Identifier: Apache-2.0

/// What an input says, by its meaning and not by its voltage: wiring (`contact: normally_closed`) is
/// resolved before a level is made. An input that went silent is `unknown`, the dangerous case.
package enum Level: String, Hashable, Sendable, CaseIterable {
    case on, off, unknown
}

/// Where a level of an input came from, which decides how fast it goes stale (`lanes.md` §2).
package enum InputSource: String, Hashable, Sendable {
    case gpio, modbus, cameraContact, network, serialFrames
}

/// How a sensor works, which decides whether its `off` can become suspect (H-14, H-15).
package enum SensorKind: String, Hashable, Sendable {
    /// Inductive loop: forgets a standing vehicle, re-tunes at power-up.
    case loop
    /// Radar, beam, light curtain: sees what is there now, never suspect.
    case radar, beam, curtain
    /// A contact: limits, buttons, fire.
    case contact
}

/// How a contact is wired. A cut wire of a normally-open contact reads "clear".
package enum ContactWiring: String, Hashable, Sendable {
    case normallyClosed = "normally_closed"
    case normallyOpen = "normally_open"
}
