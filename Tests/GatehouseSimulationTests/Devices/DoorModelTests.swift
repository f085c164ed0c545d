// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import Testing

private func at(_ milliseconds: Int) -> Uptime { .zero + .milliseconds(milliseconds) }

@Suite struct DoorModelTests {
    @Test func `a locked door opens to nobody who only pushes, and its contact says what the leaf does`() {
        var door = DoorModel()
        let contact = door.wiring.contact - 1
        let isThrough = door.push(at: at(0))
        #expect(!isThrough)
        #expect(door.refused == 1 && door.board.inputs[contact])
        _ = door.board.receive([0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3A], at: at(10))
        #expect(door.isUnlocked)
        door.push(at: at(20))
        #expect(door.openSince == at(20) && !door.board.inputs[contact])
        door.shut(at: at(3000))
        #expect(door.openSince == nil && door.board.inputs[contact])
        door.force(at: at(4000))
        let isOpen = door.push(at: at(4100))
        #expect(isOpen, "it stands open")
        #expect(door.openSince == at(4000))
    }

    @Test func `the button is pressed for a moment`() {
        var door = DoorModel()
        door.pressExit(at: at(0))
        #expect(door.board.inputs[door.wiring.exitButton - 1])
        #expect(door.nextChange == at(300))
        door.advance(to: at(300))
        #expect(!door.board.inputs[door.wiring.exitButton - 1])
    }
}
