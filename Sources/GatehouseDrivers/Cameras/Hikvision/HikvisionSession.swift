// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The conversation with one Hikvision camera that pushes its events.
package struct HikvisionSession: CameraSession {
    private let settings: HikvisionSettings
    private var watch: CameraWatch
    private var events = EventsInHand()
    /// What requests are told whose events are under way.
    private var acknowledgements = Table<PushID, CameraReply>()

    package init(_ settings: HikvisionSettings, at now: Uptime) {
        self.settings = settings
        watch = CameraWatch(settings.rules, at: now)
    }

    package var nextTimer: Uptime? { watch.nextTimer }
    package var deviceClock: DeviceClock? { watch.deviceClock }

    package mutating func admit(peer: String, at now: Uptime) -> CameraAdmission {
        watch.admit(peer: peer, at: now)
    }

    package mutating func receive(_ push: CameraPush, at now: Moment) -> [CameraOutput] {
        let admission = admit(peer: push.peer, at: now.uptime)
        if let status = admission.refusal {
            return admission.outputs + [.answer(push.id, CameraReply(status: status))]
        }
        let event: HikvisionEvent
        do {
            event = try HikvisionPlateWire.decode(contentType: push.contentType, body: push.body)
        } catch {
            return watch.misread(error) + [.answer(push.id, CameraReply(status: 400))]
        }
        let heard = watch.heard(at: now.uptime)
        switch event.content {
        case .plate(let plate): return heard + take(plate, stamp: event.at, push, at: now)
        case .heartbeat:
            let yes = acknowledgement(to: push.target)
            return heard + [.heartbeat, .answer(push.id, yes)] + watch.readClock(event.at, at: now)
        case .other: return heard + [.answer(push.id, acknowledgement(to: push.target))]
        }
    }

    package mutating func settled(_ push: PushID, isDurable: Bool, at now: Uptime) -> [CameraOutput] {
        events.settle(push, isDurable: isDurable).map { waiting in
            let yes = acknowledgements.remove(waiting) ?? CameraReply(status: 200)
            return .answer(waiting, isDurable ? yes : .again)
        }
    }

    package mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput] {
        watch.probed(isAlive: isAlive, at: now)
    }

    package mutating func timer(at now: Uptime) -> [CameraOutput] { watch.timer(at: now) }

    /// Repeats cost nothing of the budget; what is beyond it is not acknowledged, so the camera sends it again.
    private mutating func take(
        _ plate: HikvisionPlate, stamp: CameraTime?, _ push: CameraPush, at now: Moment
    ) -> [CameraOutput] {
        let key = plate.observation.duplicateKey
        let yes = acknowledgement(to: push.target)
        if events.isSeen(key) { return [.answer(push.id, yes)] }
        if events.join(push.id, key: key) {
            acknowledgements[push.id] = yes
            return []
        }
        let (isAllowed, said) = watch.spend(at: now.uptime)
        guard isAllowed else { return said + [.answer(push.id, .again)] }
        events.begin(push.id, key: key)
        acknowledgements[push.id] = yes
        let (observed, dated) = watch.date(
            plate.observation, stamp: stamp, pictures: plate.pictures.map { push.body[$0] }, at: now)
        return said + dated + [.observed(push.id, observed)]
    }

    private func acknowledgement(to target: String) -> CameraReply {
        guard settings.repliesWithXML else { return CameraReply(status: 200) }
        return CameraReply(
            status: 200, contentType: #"application/xml; charset="UTF-8""#,
            body: HikvisionPlateWire.reply(to: target))
    }
}
