// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The one-sided conversation with a camera on a serial line: it speaks, nobody answers. A text is as old as its
/// last byte. There is no sign of life: a dead camera is noticed when vehicles come and no plates.
package struct SerialPlateSession: Sendable {
    private let settings: SerialPlateSettings
    private var framer: SerialPlateFramer
    private var faults = FaultSet()
    private var budget: RateBudget
    private var lastByte = Uptime.zero
    private var last: (raw: String, at: Uptime)?
    private var badFrames = 0
    /// Bytes since the last frame.
    private var unframed = 0

    /// A frame does not pause: what came before belongs to no frame that follows.
    private static let pause = Duration.milliseconds(500)
    private static let badFrameLimit = 3

    private enum Code {
        static let badData = "camera_bad_data"
        static let flood = "camera_flood"
    }

    package init(_ settings: SerialPlateSettings, at now: Uptime) {
        self.settings = settings
        framer = SerialPlateFramer(settings.framing)
        budget = RateBudget(perMinute: settings.platesPerMinute, at: now)
    }

    /// The line was opened anew.
    package mutating func connected() { framer.reset() }

    package mutating func receive(_ bytes: [UInt8], at now: Moment) -> [CameraOutput] {
        if now.uptime - lastByte > Self.pause { framer.reset() }
        lastByte = now.uptime
        unframed = min(unframed, 1 << 20) + bytes.count
        let frames = framer.receive(bytes)
        if !frames.isEmpty { unframed = 0 }
        guard unframed <= SerialPlateFramer.limit else {
            return raise(
                Code.badData, "\(unframed) bytes without a frame; speed or framing of the profile")
        }
        return frames.flatMap { frame in
            do {
                return take(try SerialPlateWire.decode(frame.get(), settings), at: now)
            } catch {
                return bad(error)
            }
        }
    }

    private mutating func take(_ plate: PlateObservation, at now: Moment) -> [CameraOutput] {
        badFrames = 0
        let outputs = clear(Code.badData)
        if let last, last.raw == plate.raw, now.uptime - last.at < settings.repeatInterval { return outputs }
        guard budget.spend(at: now.uptime) else {
            return outputs
                + raise(
                    Code.flood, "more than \(settings.platesPerMinute) plates a minute; the rest is dropped")
        }
        last = (plate.raw, now.uptime)
        let rested = budget.isRested ? clear(Code.flood) : []
        return outputs + rested + [
            .observed(
                .unasked,
                ObservedPlate(
                    observation: plate, capturedAt: now.uptime, freshness: .fresh, pictures: []))
        ]
    }

    private mutating func bad(_ error: any Error) -> [CameraOutput] {
        badFrames += 1
        guard badFrames >= Self.badFrameLimit else { return [] }
        return raise(
            Code.badData,
            "\(badFrames) frames cannot be read: \(error); speed, framing, charset or fields of the profile")
    }

    private mutating func raise(_ code: String, _ detail: String) -> [CameraOutput] {
        faults.raise(code) ? [.faultRaised(DeviceFault(code, .warning, detail))] : []
    }

    private mutating func clear(_ code: String) -> [CameraOutput] {
        faults.clear(code) ? [.faultCleared(code: code)] : []
    }
}
