// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
import GatehouseWire

/// The conversation with one Vzenith camera that pushes its events and does what their answers say. An answer can
/// pulse the camera's output, so the session is a relay's mailbox too: an order waits here until a request is open
/// that may carry it, and past its life the request is answered without it.
///
/// Which request may open: the first arrival of a live, fresh event, and a heartbeat that is held. Never one that
/// came before under the same key, whatever became of the first (H-21, H-22).
package struct VzenithSession: CameraSession {
    private let settings: VzenithSettings
    private var watch: CameraWatch
    private var events = EventsInHand()
    /// Events that came once; what comes again opens nothing.
    private var received = RecentKeys(capacity: 256)
    private var held: [HeldPush] = []
    private var orders = RelayMailbox()
    private var serial = SerialMailbox()
    /// Somebody uses the serial port: an opening waits a moment for the text that belongs to it.
    private var hasSerialUser = false
    /// What left in answers that may still fail.
    private var sending = Table<PushID, Load>()

    private struct Load: Hashable, Sendable {
        var order: RelayCommand?
        var batches: [SerialBatch]
        var at: Uptime
    }

    /// An order without an expiry is said by its lane again while it stands; one that nobody asked for so long is
    /// stale.
    static let longestLife = Duration.seconds(5)
    static let gathering = Duration.milliseconds(30)

    package init(_ settings: VzenithSettings, at now: Uptime) {
        self.settings = settings
        watch = CameraWatch(settings.rules, at: now)
    }

    // MARK: Requests

    package mutating func admit(peer: String, at now: Uptime) -> CameraAdmission {
        watch.admit(peer: peer, at: now)
    }

    /// Heartbeats carry the camera's password.
    package func mayShow(_ push: CameraPush) -> Bool {
        let type = push.contentType ?? ""
        return Multipart.boundary(ofContentType: type) == nil && Multipart.boundary(ofBody: push.body) == nil
    }

    package mutating func receive(_ push: CameraPush, at now: Moment) -> [CameraOutput] {
        let admission = admit(peer: push.peer, at: now.uptime)
        if let status = admission.refusal {
            return admission.outputs + [.answer(push.id, CameraReply(status: status))]
        }
        let event: VzenithEvent
        do {
            event = try VzenithPlateWire.decode(
                contentType: push.contentType, body: push.body, settings.dialect)
        } catch {
            return watch.misread(error) + [.answer(push.id, CameraReply(status: 400))]
        }
        let heard = watch.heard(at: now.uptime)
        switch event.content {
        case .plate(let plate): return heard + take(plate, event, push.id, at: now)
        case .heartbeat(let isJSON):
            return heard + [.heartbeat] + heartbeat(push.id, isJSON: isJSON, at: now.uptime)
        case .serial(let port, let bytes):
            hold(HeldPush(push: push.id, form: .serialData, deadline: now.uptime))
            return heard + [.serial(port: Int(clamping: port), bytes)] + answer(at: now.uptime)
        case .input, .other: return heard + [.answer(push.id, CameraReply(status: 200))]
        case .trigger:
            hold(HeldPush(push: push.id, form: .plate(event.plateID, isStored: false), deadline: now.uptime))
            return heard + answer(at: now.uptime)
        }
    }

    /// Repeats cost nothing of the budget; what is beyond it is not acknowledged, so the camera sends it again.
    private mutating func take(
        _ plate: VzenithPlate, _ event: VzenithEvent, _ push: PushID, at now: Moment
    ) -> [CameraOutput] {
        let key = plate.observation.duplicateKey
        let isFirst = key.map { received.insert($0) } ?? false
        let form = HeldPush.Form.plate(event.plateID, isStored: !plate.observation.isLive)
        var held = HeldPush(push: push, form: form, deadline: now.uptime)
        if events.isSeen(key) {
            hold(held)
            return answer(at: now.uptime)
        }
        held.isDurable = nil
        if events.join(push, key: key) {
            hold(held)
            return []
        }
        let (isAllowed, said) = watch.spend(at: now.uptime)
        guard isAllowed else { return said + [.answer(push, .again)] }
        events.begin(push, key: key)
        let (observed, dated) = watch.date(
            plate.observation, stamp: event.at, pictures: plate.pictures.map { $0[...] }, at: now)
        held.mayOpen = observed.mayOpen && isFirst && !settings.outputs.isEmpty
        if held.mayOpen || observed.mayOpen && isFirst && hasSerialUser {
            held.deadline = now.uptime + settings.replyWait
        }
        hold(held)
        return said + dated + [.observed(push, observed)] + answer(at: now.uptime)
    }

    private mutating func heartbeat(_ push: PushID, isJSON: Bool, at now: Uptime) -> [CameraOutput] {
        guard let hold = settings.cometHold, !isJSON else {
            guard isJSON else { return [.answer(push, CameraReply(status: 200))] }
            self.hold(HeldPush(push: push, form: .heartbeat, deadline: now))
            return answer(at: now)
        }
        // The camera has one at a time: nobody reads the answer to an older one.
        var outputs: [CameraOutput] = []
        for index in held.indices where held[index].form == .comet {
            if let order = held[index].order { outputs += told(orders.putBack(order)) }
            held[index].order = nil
            held[index].mayOpen = false
            held[index].deadline = now
        }
        self.hold(
            HeldPush(
                push: push, form: .comet, mayOpen: !settings.outputs.isEmpty, deadline: now + hold))
        return outputs + answer(at: now)
    }

    private mutating func hold(_ push: HeldPush) { held.append(push) }

    package mutating func settled(_ push: PushID, isDurable: Bool, at now: Uptime) -> [CameraOutput] {
        let waiting = events.settle(push, isDurable: isDurable)
        for index in held.indices where waiting.contains(held[index].push) {
            held[index].isDurable = isDurable
        }
        return answer(at: now)
    }

    // MARK: What answers carry

    package mutating func send(_ command: RelayCommand, at now: Uptime) -> [CameraOutput] {
        guard settings.outputs.contains(command.channel) else {
            return [.outcome(token: command.token, .refused("no lane is wired to this output"))]
        }
        switch command.action {
        case .on:
            let why = "this output gives pulses and cannot be kept on"
            return [.outcome(token: command.token, .refused(why))]
        case .off:
            // The camera ends its pulses by itself.
            let waiting = orders.withdraw(channel: command.channel, "the output is put to rest")
            return told(waiting) + [.outcome(token: command.token, .confirmed(at: now))]
        case .pulse:
            var command = command
            command.expires = command.expires ?? now + Self.longestLife
            return told(orders.post(command)) + answer(at: now)
        }
    }

    package mutating func useSerial() { hasSerialUser = true }

    package mutating func pass(_ batch: SerialBatch, at now: Uptime) -> [CameraOutput] {
        let outputs = serial.post(batch)
        for index in held.indices { held[index].hasText = true }
        return outputs + answer(at: now)
    }

    /// Whether the whole answer left for a camera that was there. One that did not, did nothing.
    package mutating func answered(_ push: PushID, isSent: Bool, at now: Uptime) -> [CameraOutput] {
        guard let load = sending.remove(push) else { return [] }
        guard isSent else {
            var outputs = load.batches.flatMap { serial.putBack($0) }
            if let order = load.order { outputs += told(orders.putBack(order)) }
            return outputs + answer(at: now)
        }
        var outputs: [CameraOutput] = []
        for outcome in [CommandOutcome.written(at: load.at), .confirmed(at: now)] {
            if let order = load.order { outputs.append(.outcome(token: order.token, outcome)) }
            outputs += load.batches.map { $0.outcome(outcome) }
        }
        return outputs
    }

    private func told(_ outputs: [RelayOutput]) -> [CameraOutput] {
        outputs.compactMap {
            guard case .outcome(let token, _, let outcome) = $0 else { return nil }
            return .outcome(token: token, outcome)
        }
    }

    // MARK: Answering

    /// Everything that can be said by now.
    private mutating func answer(at now: Uptime) -> [CameraOutput] {
        var outputs = told(orders.expire(at: now)) + serial.expire(at: now)
        // An event's own request first: it waits a second and a heartbeat half a minute.
        while let index = held.firstIndex(where: { $0.canCarry && $0.form != .comet })
            ?? held.firstIndex(where: \.canCarry), let order = orders.takeSafety() ?? orders.takeHead()
        {
            held[index].order = order
            let life = order.expires ?? now
            held[index].gatherUntil = min(now + (hasSerialUser ? Self.gathering : .zero), life)
        }
        for index in held.indices {
            guard let order = held[index].order, let expires = order.expires, expires <= now else { continue }
            outputs.append(.outcome(token: order.token, .expired))
            held[index].order = nil
        }
        while let index = held.firstIndex(where: { isDue($0, at: now) }) {
            outputs += say(held.remove(at: index), at: now)
        }
        return outputs
    }

    private func isDue(_ push: HeldPush, at now: Uptime) -> Bool {
        if push.order != nil { return push.gatherUntil.map { now >= $0 } ?? true }
        switch push.form {
        case .serialData, .heartbeat: return true
        case .comet: return now >= push.deadline || !serial.isEmpty
        case .plate:
            guard let isDurable = push.isDurable else { return false }
            // With an order to come the text waits for it.
            return now >= push.deadline || isDurable && !push.mayOpen && push.hasText
        }
    }

    private mutating func say(_ push: HeldPush, at now: Uptime) -> [CameraOutput] {
        // An opening is said though its event is not on disk yet: when a grant may act is the engine's to know.
        guard push.isDurable == true || push.order != nil else { return [.answer(push.push, .again)] }
        let batches = serial.take()
        var reply = VzenithReply(opens: push.order.map { $0.channel - 1 })
        reply.serial = batches.flatMap { batch in
            batch.frames.map { VzenithReply.Frame(port: batch.port, bytes: $0) }
        }
        if push.order != nil || !batches.isEmpty {
            sending[push.push] = Load(order: push.order, batches: batches, at: now)
        }
        return [
            .answer(
                push.push, CameraReply(status: 200, contentType: "application/json", body: push.body(reply)))
        ]
    }

    // MARK: Time

    package var deviceClock: DeviceClock? { watch.deviceClock }

    package var nextTimer: Uptime? {
        let times = [watch.nextTimer, orders.nextExpiry, serial.nextExpiry] + held.map(\.due)
        return times.compactMap(\.self).min()
    }

    package mutating func timer(at now: Uptime) -> [CameraOutput] {
        answer(at: now) + watch.timer(at: now)
    }

    package mutating func probed(isAlive: Bool, at now: Uptime) -> [CameraOutput] {
        watch.probed(isAlive: isAlive, at: now)
    }

    /// Nobody will carry out what waits; the camera sends its events again.
    package mutating func stop(at now: Uptime) -> [CameraOutput] {
        let waiting = held.compactMap(\.order) + orders.safety + orders.queue
        let requests = held.map { push in
            CameraOutput.answer(push.push, push.form == .comet ? CameraReply(status: 200) : .again)
        }
        held = []
        orders = RelayMailbox()
        let why = "the camera's service ends"
        return requests + waiting.map { .outcome(token: $0.token, .withdrawn(why)) }
    }
}

/// A request whose answer is not given yet.
private struct HeldPush: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        /// `isStored`: the camera kept it while it was offline and sends the next one when this answer says so.
        case plate(Int64?, isStored: Bool)
        /// A heartbeat that is answered when there is something to say.
        case comet
        case heartbeat
        case serialData
    }

    var push: PushID
    var form: Form
    var mayOpen = false
    /// nil: the journal has not said yet.
    var isDurable: Bool? = true
    var deadline: Uptime
    /// What it will carry.
    var order: RelayCommand?
    /// An order waits so long for the text that belongs to it.
    var gatherUntil: Uptime?
    /// Bytes for a serial port came since.
    var hasText = false

    var canCarry: Bool { mayOpen && order == nil }

    /// When to look again; what waits for the journal is looked at when that has spoken.
    var due: Uptime? {
        if order != nil { return gatherUntil }
        return isDurable == nil ? nil : deadline
    }

    func body(_ reply: VzenithReply) -> [UInt8] {
        var reply = reply
        switch form {
        case .plate(let plate, let isStored):
            reply.plateID = plate
            reply.continuesOffline = isStored
            return reply.plate
        case .comet: return reply.plate
        case .heartbeat: return reply.heartbeat
        case .serialData: return reply.serialData
        }
    }
}
