// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// Bugs between the process and its displays and cameras that open.
extension Saboteur {
    /// What a camera pushes, as it reaches the process.
    mutating func body(_ body: [UInt8]) -> [UInt8] {
        guard bug == .forgetsRecords else { return body }
        count += 1
        let text = String(decoding: body, as: UTF8.self).replacing(#""isoffline":1"#, with: #""isoffline":0"#)
        return Array(text.replacing(#""plateid":"#, with: #""plateid":\#(count)0"#).utf8)
    }

    /// How much later an answer leaves.
    func delay(of reply: CameraReply) -> Duration {
        bug == .slowAnswer && Self.opens(reply) ? .milliseconds(1500) : .zero
    }

    func reply(_ reply: CameraReply) -> CameraReply {
        guard bug == .opensForAll, !Self.opens(reply) else { return reply }
        var reply = reply
        let text = String(decoding: reply.body, as: UTF8.self)
        reply.body = Array(text.replacing(#""info":"no""#, with: #""info":"ok","channelNum":0"#).utf8)
        return reply
    }

    private static func opens(_ reply: CameraReply) -> Bool {
        String(decoding: reply.body, as: UTF8.self).contains(#""info":"ok""#)
    }

    /// nil: it does not reach the display.
    func text(_ text: LaneText) -> LaneText? {
        switch (bug, text.key) {
        case (.unfriendlyDisplay, .welcome), (.unfriendlyDisplay, .goodbye), (.forgetfulDisplay, .idle),
            (.silentCashier, .pay):
            return nil
        case (.thanksAll, .goodbye):
            var text = text
            text.key = .paid
            return text
        default: return text
        }
    }
}
