// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// How long a relay command may wait for the one exchange in progress on its bus.
package struct BusTiming: Hashable, Sendable {
    package var address: String
    package var devices: [String]
    /// The longest exchange when every board answers.
    package var answering: Duration
    /// The same when a device is silent and its reply timeout runs out.
    package var worst: Duration

    static let limit = Duration.milliseconds(100)
    /// Boards answer in 5–50 ms.
    private static let usualReply = Duration.milliseconds(50)
    private static let requestBytes = 8
    /// Of a display that shows and says everything in one frame, and its answer.
    private static let wholeFrame = 263
    private static let statusBytes = 12

    /// One for each serial line that carries a relay board.
    static func all(_ draft: SiteDraft) -> [BusTiming] {
        var timings: [BusTiming] = []
        for device in draft.devices where device.profile?.kind == .relay && !device.address.isEmpty {
            guard Exchange(device) != nil, !timings.contains(where: { $0.address == device.address }) else {
                continue
            }
            let riders = draft.devices.filter { $0.address == device.address }
            let exchanges = riders.compactMap(Exchange.init)
            let silence = riders.compactMap(silence).max() ?? .zero
            timings.append(
                BusTiming(
                    address: device.address, devices: riders.map(\.name),
                    answering: (exchanges.map(\.answering).max() ?? .zero) + silence,
                    worst: (exchanges.map(\.worst).max() ?? .zero) + silence))
        }
        return timings
    }

    /// The longest exchange of one device, from the first byte to the last.
    private struct Exchange {
        var answering: Duration
        var worst: Duration

        /// Nil: it is not asked on a serial line.
        init?(_ device: DeviceDraft) {
            guard let profile = device.profile, profile.transport == .serial,
                profile.kind != .camera, profile.kind != .reader, profile.kind != .scanner
            else {
                return nil
            }
            let timeout = replyTimeout(device, profile)
            let request: Duration
            let reply: Duration
            if profile.kind == .display {
                let isLong = device.settings["together"] == "true" || device.displayCode != nil
                request = characters(isLong ? wholeFrame : profile.longestFrame, profile)
                guard device.settings["answers"] != "false" else {
                    (answering, worst) = (request, request)
                    return
                }
                reply = characters(statusBytes, profile)
            } else {
                // The longest poll: all inputs or all relays, a bit each.
                let terminals = max(profile.capabilities.relays, profile.capabilities.inputs)
                request = characters(requestBytes, profile)
                reply = characters(5 + (terminals + 7) / 8, profile)
            }
            answering = request + reply + min(usualReply, timeout)
            worst = max(answering, request + timeout)
        }
    }

    /// Safety that a board on a shared line reads must not grow stale while the others speak: it would be unknown
    /// each time that a text changes. Two exchanges of the board itself lie between two looks as well.
    static func refuseStaleSafety(in draft: SiteDraft) {
        for input in draft.lanes.flatMap(\.safety) {
            let board = draft.device(input.terminal.device)
            guard let own = Exchange(board) else { continue }
            let others = draft.devices.filter {
                $0.address == board.address && $0.name != board.name && Exchange($0) != nil
            }
            guard !others.isEmpty else { continue }
            let silence = silence(board) ?? .zero
            let wait = others.compactMap { Exchange($0).map { $0.worst + silence } }
                .reduce((own.answering + silence) * 3, +)
            guard wait >= input.staleAfter else { continue }
            input.field.error(
                "\(board.name) shares \(board.address) with \(others.map(\.name).joined(separator: ", ")): up to "
                    + "\(roundedUp(wait)) ms pass between two looks at this safety input, which is unknown after "
                    + "\(roundedUp(input.staleAfter)) ms (H-23)",
                hint: "a line of its own, a shorter reply_timeout_ms, or answers: false for a display")
        }
    }

    private static func characters(_ count: Int, _ profile: HardwareProfile) -> Duration {
        .microseconds(
            Int64(count) * Int64(profile.line.format.bitsPerCharacter) * 1_000_000 / Int64(profile.line.baud))
    }

    /// Before a request of a board: 3.5 characters, and a fixed 1.75 ms above 19 200 baud, or what is set.
    private static func silence(_ device: DeviceDraft) -> Duration? {
        guard let profile = device.profile, profile.kind == .relay else { return nil }
        let least: Duration =
            profile.line.baud > 19_200 ? .microseconds(1750) : characters(7, profile) / 2
        let set = device.settings["gap_ms"].flatMap(ScalarForms.integer).map { Duration.milliseconds($0) }
        return max(least, set ?? .zero)
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
            "a relay command may wait \(Self.roundedUp(worst)) ms here when a device is silent, more than 100 ms (H-23)",
            hint:
                "a shorter reply timeout or a higher speed; a relay board alone on its bus only shares it with itself"
        )
    }

    private static func roundedUp(_ span: Duration) -> Int64 { (span.inNanoseconds + 999_999) / 1_000_000 }

    package var line: String {
        "bus \(address) (\(devices.joined(separator: ", "))): a relay command waits at most "
            + "\(Self.roundedUp(answering)) ms, \(Self.roundedUp(worst)) ms while a device is silent"
    }
}
