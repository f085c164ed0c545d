// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseEngine
internal import GatehouseTransport
internal import GatehouseWire
internal import NIOCore

/// Outputs and inputs on the lines of a GPIO chip. What cannot be had, or is lost, is tried again.
final class GPIOService: RelayService<GPIOLinesSession>, GPIOEndpoint, @unchecked Sendable {
    private let wiring: GPIOWiring
    private var chip: GPIOChip?
    private var retry: Scheduled<Void>?
    private var backoff: Backoff

    /// Opening a chip costs nothing, and a lane without its outputs serves nobody.
    private static let longestWait = Duration.seconds(10)

    /// `holding`: outputs that are requested asserted.
    init(
        device: DeviceID, plan: SitePlan, holding: Set<Int>, loop: any EventLoop, clock: SystemClock,
        inbox: Inbox
    ) {
        let devicePlan = plan.devices[device.index]
        let settings = GPIOLinesSettings(devicePlan)
        wiring = GPIOWiring(settings, chip: devicePlan.address)
        backoff = Backoff(of: devicePlan.address, longest: Self.longestWait)
        super.init(
            GPIOLinesSession(settings, holding: holding), inputs: settings.inputs.count, device: device,
            plan: plan, loop: loop, clock: clock, inbox: inbox)
    }

    override var isOpen: Bool { chip != nil }

    override func open() {
        guard !isStopped else { return }
        do throws(GPIOChipError) {
            let chip = try GPIOChip(wiring, levels: session.wanted, loop: loop)
            self.chip = chip
            chip.watch(self)
            step { session, now in session.connected(ChipLines(chip), at: now) }
            if session.isConnected { backoff.reset() }
        } catch {
            let why = error.text
            step { session, now in session.disconnected(why: why, at: now) }
            openAgain()
        }
    }

    override func close() {
        retry?.cancel()
        chip?.close()
        chip = nil
    }

    override func step(_ tell: (inout GPIOLinesSession, Uptime) -> [RelayOutput]) {
        super.step(tell)
        guard chip != nil, !session.isConnected else { return }
        close()
        openAgain()
    }

    private func openAgain() {
        retry?.cancel()
        retry = loop.scheduleTask(in: TimeAmount(backoff.next())) { [weak self] in self?.open() }
    }

    func changed(_ edges: [(input: Int, isActive: Bool)]) {
        let edges = edges.map { GPIOEdge(channel: $0.input + 1, isActive: $0.isActive) }
        step { session, now in session.changed(edges, at: now) }
    }

    func edgesEnded() {
        step { [wiring] session, now in
            session.disconnected(
                why: "GPIO chip \(wiring.chip) tells of no more changes; is it gone?", at: now)
        }
    }
}

/// The chip as the session knows it: channels from 1, and words where the kernel says no.
private final class ChipLines: GPIOLines {
    private let chip: GPIOChip

    init(_ chip: GPIOChip) { self.chip = chip }

    var hasEdges: Bool { chip.hasEdges }

    func set(_ channel: Int, _ isActive: Bool) throws(GPIOTrouble) {
        do throws(GPIOChipError) { try chip.set(output: channel - 1, isActive) } catch {
            throw GPIOTrouble(error.text)
        }
    }

    func outputs() throws(GPIOTrouble) -> [Bool] {
        do throws(GPIOChipError) { return try chip.outputLevels() } catch { throw GPIOTrouble(error.text) }
    }

    func inputs() throws(GPIOTrouble) -> [Bool] {
        do throws(GPIOChipError) { return try chip.inputLevels() } catch { throw GPIOTrouble(error.text) }
    }
}

extension GPIOWiring {
    init(_ settings: GPIOLinesSettings, chip: String) {
        self.init(chip: chip, outputs: settings.outputs, inputs: settings.inputs)
        areOutputsActiveLow = settings.areOutputsActiveLow
        areInputsActiveLow = settings.areInputsActiveLow
        bias =
            switch settings.bias {
            case .asIs: .asIs
            case .disabled: .disabled
            case .pullUp: .pullUp
            case .pullDown: .pullDown
            }
        drive =
            switch settings.drive {
            case .pushPull: .pushPull
            case .openDrain: .openDrain
            case .openSource: .openSource
            }
    }
}
