// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers

/// What a scanner of payment codes types, at once and byte by byte with pauses; the first byte chooses family, suffix
/// and identifier.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    var values = Table<String, String>()
    values["family"] = choice % 2 == 0 ? "plain" : "gm65"
    values["suffix"] = ["line", "tab", "none"][Int(choice / 2) % 3]
    values["identifier"] = ["none", "aim", "letter"][Int(choice / 6) % 3]
    let settings = SerialScannerSettings(values)
    var whole = SerialScannerSession(settings)
    check(whole.connected(at: .zero) + whole.receive(Array(bytes.dropFirst()), at: .zero))
    check(whole.timer(at: .zero + .seconds(1)))
    var session = SerialScannerSession(settings)
    var now = Uptime.zero
    for byte in bytes.dropFirst() {
        now = now + .milliseconds(Int(byte))
        check(session.receive([byte], at: now))
        check(session.timer(at: now))
        if let due = session.nextTimer, due < now { fatalError("a timer in the past") }
    }
    return 0
}

private func check(_ outputs: [ScannerOutput]) {
    for case .scanned(let code) in outputs where PaymentCode(code.text) != code {
        fatalError("a code that is none")
    }
}
