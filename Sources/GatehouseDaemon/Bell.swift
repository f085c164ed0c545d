// SPDX-License-Identifier: Apache-2.0

internal import CGatehouseSystem
internal import GatehouseCore
internal import GatehouseEngine
internal import Glibc

/// Wakes the engine's thread through an eventfd.
final class Bell: WaitableDoorbell {
    private let descriptor: Int32

    init?() {
        descriptor = gh_bell_create()
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    func ring() { gh_bell_ring(descriptor) }

    func wait(until deadline: Uptime?, now: Uptime) {
        let rest = deadline.map { max(0, ($0 - now).inNanoseconds) }
        gh_bell_wait(descriptor, rest ?? -1)
    }
}
