// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What a model is: `hardware-profiles/**/<name>.yaml`. A site says where one stands, never what it can do.
package struct HardwareProfile: Hashable, Sendable {
    /// How the bytes travel. A barrier's own board, which we reach only through contacts, has none.
    package enum Transport: String, Hashable, Sendable, CaseIterable {

        case serial, tcp, udp, http
        /// The device speaks first, to our listener.
        case httpPush = "http_push"
        case gpio, none
    }

    /// A peculiarity that the driver minds, with the reason and where it is known from.
    package struct Quirk: Hashable, Sendable {
        package var id: String
        package var why: String
        package var source: String
    }

    /// A person ran this profile on the device.
    package struct Verification: Hashable, Sendable {
        package var by: String
        package var date: String
        package var firmware: String?
    }

    package struct Capabilities: Hashable, Sendable {
        package var relays = 0
        package var inputs = 0
        /// Words of the driver's own list.
        package var features: [String] = []
        /// Of a relay that the board times, or of the contact that a barrier board accepts.
        package var pulse: ClosedRange<Duration>?
        package var pulseStep: Duration?
        /// The barrier board lowers by itself; nil: a person sets it on the board, the site must say.
        package var automaticClosing: Bool?
        package var closeDelay: Duration?
        package var countsOpenings = false
        /// The camera takes a picture when its own loop input or our message triggers it.
        package var loopTriggered = false
        package var triggers = false
        /// Inputs can drive outputs without us; must be off.
        package var linkedModes = false
        package var inputSource: InputSource?
        /// The detector forgets a standing vehicle after minutes.
        package var limitedPresence = false
    }

    package var name: String
    package var maker: String
    package var model: String
    /// Nil for a barrier's own board.
    package var driver: String?
    package var kind: DriverDescription.Kind?
    /// Bytes of the longest frame that the driver writes at once.
    package var longestFrame = 0
    package var transport: Transport = .none
    /// Of the driver, checked, in the form that reaches `DevicePlan.settings`.
    package var settings: Table<String, String> = Table()
    package var capabilities = Capabilities()
    package var quirks: [Quirk] = []
    package var verified: [Verification] = []
    package var line = SerialLine()
    /// How long the driver waits for a silent board.
    package var replyTimeout: Duration = .milliseconds(200)

    package init(name: String, maker: String, model: String) {
        self.name = name
        self.maker = maker
        self.model = model
    }

    /// How levels of this device's inputs reach us, which decides their age limits (lanes.md §2).
    package var inputSource: InputSource {
        if let stated = capabilities.inputSource { return stated }
        if kind == .camera { return .cameraContact }
        switch transport {
        case .gpio: return .gpio
        case .serial, .tcp: return kind == .relay ? .modbus : .serialFrames
        case .udp, .http, .httpPush, .none: return .network
        }
    }
}
