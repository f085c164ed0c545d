// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// How long a relay command may wait for the one exchange in progress on its bus.
package struct BusTiming: Hashable, Sendable {
    package var address: String
    package var devices: [String]
    /// The longest exchange when every board answers.
    package var answering: Duration
    /// The same when a board is silent and its reply timeout runs out.
    package var worst: Duration

    static let limit = Duration.milliseconds(100)
    /// Boards answer in 5–50 ms.
    private static let usualReply = Duration.milliseconds(50)
    private static let requestBytes = 8

    /// One for each serial line that carries an output or a board.
    static func all(_ draft: SiteDraft) -> [BusTiming] {
        var timings: [BusTiming] = []
        for device in draft.devices {
            guard let profile = device.profile, profile.transport == .serial, !device.address.isEmpty else {
                continue
            }
            let request = characters(requestBytes, profile)
            // The longest poll: all inputs or all relays, a bit each.
            let terminals = max(profile.capabilities.relays, profile.capabilities.inputs)
            let exchange = request + characters(5 + (terminals + 7) / 8, profile) + silence(profile)
            let timeout = replyTimeout(device, profile)
            let answering = exchange + min(usualReply, timeout)
            let worst = max(answering, request + timeout + silence(profile))
            guard let index = timings.firstIndex(where: { $0.address == device.address }) else {
                timings.append(
                    BusTiming(
                        address: device.address, devices: [device.name], answering: answering, worst: worst))
                continue
            }
            timings[index].devices.append(device.name)
            timings[index].answering = max(timings[index].answering, answering)
            timings[index].worst = max(timings[index].worst, worst)
        }
        return timings
    }

    private static func characters(_ count: Int, _ profile: HardwareProfile) -> Duration {
        .microseconds(
            Int64(count) * Int64(profile.line.format.bitsPerCharacter) * 1_000_000 / Int64(profile.line.baud))
    }

    /// 3.5 characters, and a fixed 1.75 ms above 19 200 baud.
    private static func silence(_ profile: HardwareProfile) -> Duration {
        profile.line.baud > 19_200 ? .microseconds(1750) : characters(7, profile) / 2
    }

    private static func replyTimeout(_ device: DeviceDraft, _ profile: HardwareProfile) -> Duration {
        for key in ["reply_timeout", "reply_timeout_ms"] {
            if let value = device.settings[key].flatMap(ScalarForms.integer) { return .milliseconds(value) }
        }
        return profile.replyTimeout
    }

    func warn(in draft: SiteDraft, _ log: IssueLog) {
        guard worst > Self.limit, let device = draft.devices.first(where: { $0.address == address }) else {
            return
        }
        log.add(
            .warning, at: device.addressField?.mark, path: "\(device.field.path).at", found: address,
            "a relay command may wait \(Self.roundedUp(worst)) ms here when a board is silent, more than 100 ms (H-23)",
            hint:
                "a shorter reply timeout or a higher speed; a relay board alone on its bus only shares it with itself"
        )
    }

    private static func roundedUp(_ span: Duration) -> Int64 { (span.inNanoseconds + 999_999) / 1_000_000 }

    package var line: String {
        "bus \(address) (\(devices.joined(separator: ", "))): a relay command waits at most "
            + "\(Self.roundedUp(answering)) ms, \(Self.roundedUp(worst)) ms while a board is silent"
    }
}
