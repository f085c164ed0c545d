// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import Testing

private struct SilentBell: Doorbell { func ring() {} }

private let loop = Terminal(DeviceID(0), 2)

private func level(_ level: Level, _ at: Int64 = 0) -> EngineInput {
    .site(.input(loop, level, since: Uptime(nanoseconds: at)))
}

private func levels(_ inputs: [EngineInput]) -> [Level] {
    inputs.compactMap { input in
        if case .site(.input(_, let level, _)) = input { return level }
        return nil
    }
}

@Suite struct InboxTests {
    @Test func `what was offered is taken in order`() {
        let inbox = Inbox(bell: SilentBell())
        inbox.offer(level(.on))
        inbox.offer(.tick)
        inbox.offer(level(.off))
        #expect(inbox.take().count == 3)
        #expect(inbox.take().isEmpty)
    }

    @Test func `of codes that nobody has taken yet the newest of each lane stay`() throws {
        let inbox = Inbox(bell: SilentBell())
        for number in 10..<40 {
            let code = try #require(PaymentCode("1345678901234567\(number)"))
            inbox.offer(.site(.codeScanned(LaneID(number % 2), code)))
        }
        let taken = inbox.take().compactMap { input in
            if case .site(.codeScanned(let lane, let code)) = input {
                (lane, code.text.suffix(2))
            } else {
                nil
            }
        }
        #expect(taken.count == 2 * Inbox.readsPerDevice)
        #expect(taken.filter { $0.0 == LaneID(0) }.map(\.1).last == "38")
        #expect(taken.last?.1 == "39")
    }

    @Test func `H-11 a short on survives any number of offs behind it`() {
        let inbox = Inbox(bell: SilentBell())
        inbox.offer(level(.on))
        for _ in 0..<1000 { inbox.offer(level(.off)) }
        let taken = levels(inbox.take())
        #expect(taken.count <= Inbox.levelsPerInput)
        #expect(taken.first == .on)
        #expect(taken.last == .off)
    }

    @Test func `a chattering input is bounded and its newest level wins`() {
        let inbox = Inbox(bell: SilentBell())
        for index in 0..<1000 { inbox.offer(level(index % 2 == 0 ? .on : .unknown)) }
        let taken = levels(inbox.take())
        #expect(taken.count <= Inbox.levelsPerInput)
        #expect(taken.last == .unknown)
    }

    @Test func `reads of one camera are bounded, the oldest goes and is counted`() {
        let inbox = Inbox(bell: SilentBell())
        for index in 0..<20 {
            let observation = Observation(
                device: DeviceID(3), plate: PlateObservation(raw: "\(index)"), capturedAt: .zero,
                receivedAt: .zero)
            inbox.offer(.site(.observed(observation, reply: nil)))
        }
        let raws = inbox.take().compactMap { input -> String? in
            if case .site(.observed(let observation, _)) = input { return observation.plate.raw }
            return nil
        }
        #expect(raws == (12..<20).map(String.init))
        #expect(inbox.takeDroppedReads().inOrder.map { [$0.key.index, $0.value] } == [[3, 12]])
        #expect(inbox.takeDroppedReads().isEmpty)
    }

    @Test func `the seventeenth order is refused to its caller`() {
        let inbox = Inbox(bell: SilentBell())
        let order = LaneOrder(action: .open, by: Operator(channel: "socket", name: "x"), reason: "TEST")
        var answers: [Bool] = []
        for index in 0..<17 {
            answers.append(
                inbox.offer(.site(.order(lane: "north", order, reply: ReplyID(UInt64(index))))) == .accepted)
        }
        #expect(answers == Array(repeating: true, count: 16) + [false])
    }

    @Test func `a closed inbox takes nothing`() {
        let inbox = Inbox(bell: SilentBell())
        inbox.close()
        #expect(inbox.offer(.tick) == .refused)
    }
}
