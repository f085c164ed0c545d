// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseCore
import GatehouseEngine
import Synchronization
import Testing

@testable import GatehouseDaemon

struct SilentBell: Doorbell { func ring() {} }

@Suite struct PictureKeeperTests {
    private func faults(_ inbox: Inbox) -> [String] {
        inbox.take().compactMap { input in
            switch input {
            case .site(.service(.pictures, .faultRaised(let code, _, _))): "+\(code)"
            case .site(.service(.pictures, .faultCleared(let code))): "-\(code)"
            default: nil
            }
        }
    }

    @Test func `a disk that hangs costs pictures beyond the bound and holds up nobody`() {
        let inbox = Inbox(bell: SilentBell())
        let disk = DispatchSemaphore(value: 0)
        let stored = Atomic<Int>(0)
        let keeper = PictureKeeper(limits: PictureKeeper.Limits(pushes: 4, bytes: 1000), inbox: inbox) { _ in
            disk.wait()
            stored.add(1, ordering: .relaxed)
        }
        for _ in 0..<10 { keeper.keep([[1, 2, 3]]) }
        // All ten returned while the disk hung.
        #expect(faults(inbox) == ["+pictures_not_stored"])
        for _ in 0..<4 { disk.signal() }
        keeper.close()
        #expect(stored.load(ordering: .relaxed) == 4)
        #expect(faults(inbox) == ["-pictures_not_stored"])
    }

    @Test func `the bound counts bytes as well`() {
        let inbox = Inbox(bell: SilentBell())
        let disk = DispatchSemaphore(value: 0)
        let keeper = PictureKeeper(limits: PictureKeeper.Limits(pushes: 4, bytes: 5), inbox: inbox) { _ in
            disk.wait()
        }
        keeper.keep([[1, 2, 3]])
        keeper.keep([[1, 2, 3]])
        #expect(faults(inbox) == ["+pictures_not_stored"])
        disk.signal()
        keeper.close()
    }

    @Test func `a full disk is told once and its end is told`() {
        let inbox = Inbox(bell: SilentBell())
        let isFull = Atomic<Bool>(true)
        let keeper = PictureKeeper(inbox: inbox) { _ throws(StoreFault) in
            if isFull.load(ordering: .relaxed) { throw .diskFull }
        }
        for _ in 0..<3 { keeper.keep([[1]]) }
        let tried = DispatchSemaphore(value: 0)
        keeper.prune { tried.signal() }
        tried.wait()
        #expect(faults(inbox) == ["+pictures_not_stored"])
        isFull.store(false, ordering: .relaxed)
        for _ in 0..<3 { keeper.keep([[1]]) }
        keeper.close()
        #expect(faults(inbox) == ["-pictures_not_stored"])
    }
}
