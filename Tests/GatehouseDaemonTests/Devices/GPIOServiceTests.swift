// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseEngine
import GatehouseTransport
import GatehouseTwins
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDaemon

/// A lane on a chip's lines, with the engine's side in the test's hands.
private struct Bench {
    let inbox = Inbox(bell: SilentBell())
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let service: GPIOService

    init(chip: String, outputs: String, inputs: String) {
        var settings = Table<String, String>()
        settings["output_lines"] = outputs
        settings["input_lines"] = inputs
        settings["inputs_active_low"] = "false"
        var plan = SitePlan(id: "bench")
        plan.areas = [AreaPlan(name: "main")]
        plan.devices = [
            DevicePlan(
                name: "pole", profile: "gpio-lines", driver: "gpio-lines", address: chip, settings: settings)
        ]
        plan.lanes = [LanePlan(name: "north", kind: .entry, area: AreaID(0), closing: .controller)]
        plan.outputs = [OutputWire(terminal: Terminal(DeviceID(0), 1), lane: LaneID(0), output: .open)]
        plan.inputs = [
            InputWire(
                terminal: Terminal(DeviceID(0), 1), meaning: .lane(LaneID(0), .presence),
                contact: .normallyOpen, source: .gpio, staleAfter: .seconds(2))
        ]
        service = GPIOService(
            device: DeviceID(0), plan: plan, holding: [], loop: loop, clock: SystemClock(), inbox: inbox)
    }

    func open(for pulse: Duration, life: Duration = .seconds(3)) {
        service.perform(
            DeviceCommand(
                id: DeviceCommand.ID(9), lane: LaneID(0), output: .open,
                terminal: Terminal(DeviceID(0), 1), action: .pulse(pulse), commandClass: .grant,
                expires: SystemClock().uptime() + life, record: Sequence(8), cause: "grant"))
    }

    /// What the engine hears next that this picks; what came with it is not heard again.
    func heard<Value: Sendable>(_ what: String, _ pick: (SiteEvent) -> Value?) async throws -> Value {
        try await awaiting(what, within: .seconds(20)) {
            for case .site(let event) in inbox.take() { if let value = pick(event) { return value } }
            return nil
        }
    }

    func outcome(_ what: String, _ matches: (CommandOutcome) -> Bool) async throws {
        _ = try await heard(what) { event in
            if case .command(DeviceCommand.ID(9), let outcome) = event, matches(outcome) { true } else { nil }
        }
    }

    func level(_ what: String, _ level: Level) async throws {
        _ = try await heard(what) { event in
            if case .input(Terminal(DeviceID(0), 1), level, _) = event { true } else { nil }
        }
    }
}

@Suite struct GPIOServiceTests {
    @Test func `a chip that is not there is a fault, and a command lapses`() async throws {
        let bench = Bench(chip: "/nowhere/gpiochip0", outputs: "17", inputs: "22")
        bench.service.start()
        let detail = try await bench.heard("the fault") { event in
            if case .device(DeviceID(0), .faultRaised("gpio_lost", .critical, let detail)) = event {
                detail
            } else {
                nil
            }
        }
        #expect(detail.contains("/nowhere/gpiochip0"))
        bench.open(for: .milliseconds(500), life: .milliseconds(20))
        try await bench.outcome("the end of its life") { $0 == .expired }
        await bench.service.stop()
    }
}

/// On a kernel with simulated lines: `GATEHOUSE_GPIO` names a folder with `device`, the chip's, and for each of the lines
/// OPEN and LOOP a folder with `value` and `pull` (gpio-sim's own files).
private let chip = ProcessInfo.processInfo.environment["GATEHOUSE_GPIO"]

@Suite(.enabled(if: chip != nil)) struct GPIOChipTests {
    private let folder = chip ?? ""

    private var device: String {
        (try? String(contentsOfFile: "\(folder)/device", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "\(folder)/device"
    }

    private func value(_ line: String) -> String? {
        (try? String(contentsOfFile: "\(folder)/\(line)/value", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func pull(_ line: String, _ way: String) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder)/\(line)/pull"))
        try handle.write(contentsOf: Data("pull-\(way)".utf8))
        try handle.close()
    }

    @Test func `an output is driven for its pulse and an input is heard of`() async throws {
        try pull("LOOP", "down")
        let bench = Bench(chip: device, outputs: "OPEN", inputs: "LOOP")
        bench.service.start()
        try await bench.level("the loop's rest", .off)
        bench.open(for: .seconds(2))
        try await bench.outcome("the confirmation") { if case .confirmed = $0 { true } else { false } }
        #expect(value("OPEN") == "1")
        try await awaiting("the pulse's end", within: .seconds(20)) { value("OPEN") == "0" ? true : nil }
        for _ in 0..<3 {
            try pull("LOOP", "up")
            try await bench.level("the car", .on)
            try pull("LOOP", "down")
            try await bench.level("the free loop", .off)
        }
        let rival = Bench(chip: device, outputs: "OPEN", inputs: "LOOP")
        rival.service.start()
        let detail = try await rival.heard("the refusal") { event in
            if case .device(_, .faultRaised("gpio_lost", _, let detail)) = event { detail } else { nil }
        }
        #expect(detail.contains("another program"))
        await rival.service.stop()
        await bench.service.stop()
        // Free again: the next one has them at once.
        let next = Bench(chip: device, outputs: "OPEN", inputs: "LOOP")
        next.service.start()
        try await next.level("the loop's rest", .off)
        await next.service.stop()
        print("libgpiod \(GPIOChip.libraryGeneration).x on \(device): pulse, edges, busy and free again")
    }

    @Test func `a line that the chip has not is named`() async throws {
        let bench = Bench(chip: device, outputs: "NOBODY", inputs: "LOOP")
        bench.service.start()
        let detail = try await bench.heard("the refusal") { event in
            if case .device(_, .faultRaised("gpio_lost", _, let detail)) = event { detail } else { nil }
        }
        #expect(detail.contains("no line NOBODY"))
        await bench.service.stop()
    }
}
