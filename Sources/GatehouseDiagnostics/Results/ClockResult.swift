// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// `gatehouse clock`: what time it is held to be, by whom, and who says otherwise.
package struct ClockResult: ResultValue {
    package var wall: WallTime
    package var quality: ClockQuality
    /// Why it is not believed; nil: it is.
    package var doubt: String?
    package var kernel: Kernel?
    /// The battery clock; nil: the board has none, and a power cut loses the time.
    package var battery: Battery?
    package var cameras: [Camera]

    package struct Kernel: Hashable, Sendable {
        /// A time daemon disciplines the clock.
        package var isSynchronised: Bool
        /// Still to be slewed away.
        package var offsetMicroseconds: Int64
        package var maximumErrorMilliseconds: Int64

        package init(isSynchronised: Bool, offsetMicroseconds: Int64, maximumErrorMilliseconds: Int64) {
            self.isSynchronised = isSynchronised
            self.offsetMicroseconds = offsetMicroseconds
            self.maximumErrorMilliseconds = maximumErrorMilliseconds
        }
    }

    package struct Battery: Hashable, Sendable {
        package var device: String
        /// Battery clock minus system clock, in whole seconds.
        package var offsetSeconds: Int64

        package init(device: String, offsetSeconds: Int64) {
            self.device = device
            self.offsetSeconds = offsetSeconds
        }
    }

    package struct Camera: ResultValue {
        package enum Verdict: String, Hashable, Sendable, CaseIterable {
            case agrees, differs
            case otherZone = "other_zone"
            /// Not heard often enough.
            case unknown
        }

        package var name: String
        package var verdict: Verdict
        /// Its last stamp minus our time of receipt; a healthy camera is up to some seconds late.
        package var offsetMilliseconds: Int64
        package var secondsAgo: Int64

        package init(name: String, verdict: Verdict, offsetMilliseconds: Int64, secondsAgo: Int64) {
            self.name = name
            self.verdict = verdict
            self.offsetMilliseconds = offsetMilliseconds
            self.secondsAgo = secondsAgo
        }

        package func write(to fields: inout FieldWriter) {
            fields.put("name", name)
            fields.put("verdict", verdict.rawValue)
            fields.put("offset_ms", offsetMilliseconds)
            fields.put("seconds_ago", secondsAgo)
        }

        package init(from fields: Fields) throws(FieldError) {
            self.init(
                name: try fields.string("name"), verdict: try fields.word("verdict", as: Verdict.self),
                offsetMilliseconds: try fields.integer("offset_ms"),
                secondsAgo: try fields.integer("seconds_ago"))
        }
    }

    package init(
        wall: WallTime, quality: ClockQuality, doubt: String?, kernel: Kernel?, battery: Battery?,
        cameras: [Camera]
    ) {
        self.wall = wall
        self.quality = quality
        self.doubt = doubt
        self.kernel = kernel
        self.battery = battery
        self.cameras = cameras
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("now", time: wall)
        fields.put("quality", quality.rawValue)
        fields.put("doubt", ifPresent: doubt)
        if let kernel {
            fields.put(
                "kernel",
                object: { fields in
                    fields.put("synchronised", kernel.isSynchronised)
                    fields.put("offset_us", kernel.offsetMicroseconds)
                    fields.put("maximum_error_ms", kernel.maximumErrorMilliseconds)
                })
        }
        if let battery {
            fields.put(
                "battery",
                object: { fields in
                    fields.put("device", battery.device)
                    fields.put("offset_s", battery.offsetSeconds)
                })
        }
        fields.put("cameras", objects: cameras) { $0.write(to: &$1) }
    }

    package init(from fields: Fields) throws(FieldError) {
        wall = try fields.time("now")
        quality = try fields.word("quality", as: ClockQuality.self)
        doubt = try fields.stringIfPresent("doubt")
        cameras = try fields.values("cameras", as: Camera.self)
        if let kernel = try fields.objectIfPresent("kernel") {
            self.kernel = Kernel(
                isSynchronised: try kernel.bool("synchronised"),
                offsetMicroseconds: try kernel.integer("offset_us"),
                maximumErrorMilliseconds: try kernel.integer("maximum_error_ms"))
        }
        if let battery = try fields.objectIfPresent("battery") {
            self.battery = Battery(
                device: try battery.string("device"), offsetSeconds: try battery.integer("offset_s"))
        }
    }
}
