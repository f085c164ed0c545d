// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

/// Scanners and codes of lanes: what would never take money, and what no board can draw.
struct PaymentRules {
    let draft: SiteDraft
    let log: IssueLog

    /// Bytes that a symbol of so many dots holds (`displays.md` A.5).
    private static let room = ["32": 53, "49": 192]
    /// Of a record's number and of an amount, for a template's length.
    private static let digits = String(repeating: "9", count: 8)

    func judge() {
        scannerOnce()
        guard log.errorCount == 0 else { return }
        unpaid()
        for (index, lane) in draft.lanes.enumerated() {
            if let code = lane.paymentCode {
                check(code, "payment_code", at: lane.fields["payment_code"], on: lane)
            }
            guard let template = draft.plan.pricing?.dynamicCode, lane.plan.kind != .entry else { continue }
            let filled = template.filled { place in
                switch place {
                case .quote, .stay, .due: Self.digits
                case .site: draft.plan.id
                case .lane: draft.lanes[index].name
                }
            }
            check(filled ?? "", "charging.dynamic_code", at: nil, on: lane)
        }
    }

    private func scannerOnce() {
        var seen: [DeviceID: String] = [:]
        for lane in draft.lanes {
            guard let scanner = lane.scanner else { continue }
            if let other = seen[scanner.wire.device] {
                let name = draft.device(scanner.wire.device).name
                scanner.field.error(
                    "it reads codes at lane \(other) already; one scanner, one lane", found: name)
            }
            seen[scanner.wire.device] = seen[scanner.wire.device] ?? lane.name
        }
    }

    private func unpaid() {
        guard let pricing = draft.plan.pricing else {
            for lane in draft.lanes {
                for key in ["scanner", "payment_code"] where lane.fields[key] != nil {
                    lane.warning(at: key, "nobody pays here: there is no charging:")
                }
            }
            return
        }
        let isScanned = pricing.collecting?.ways.contains(.scannedCode) ?? false
        for lane in draft.lanes where lane.scanner != nil && !isScanned {
            lane.warning(
                at: "scanner", "codes are read and no provider is asked for them",
                hint: "charging: {collect: {ways: [scanned_code]}}")
        }
        let untold = "no channel: nobody tells this gateway that it was paid"
        let hint = "charging: {channel: {key: payment-key, mqtt: true}}"
        for lane in draft.lanes where lane.paymentCode != nil && pricing.channel == nil {
            lane.warning(at: "payment_code", untold, hint: hint)
        }
        guard pricing.dynamicCode != nil else { return }
        if pricing.channel == nil {
            log.add(.warning, at: nil, path: "charging.dynamic_code", untold, hint: hint)
        }
        let boards = draft.lanes.filter { $0.plan.kind != .entry }.flatMap(\.displays)
        if boards.allSatisfy({ draft.device($0.wire.device).displayCode == nil }) {
            log.add(
                .warning, at: nil, path: "charging.dynamic_code", "no exit has a display that draws codes",
                hint: "qr: 49 at a card that can")
        }
    }

    private func check(_ code: String, _ what: String, at field: Field?, on lane: LaneDraft) {
        for display in lane.displays {
            let device = draft.device(display.wire.device)
            guard let dots = device.displayCode, let room = Self.room[dots], code.utf8.count > room else {
                continue
            }
            let message =
                "a code of \(code.utf8.count) characters does not fit on \(device.name): \(dots) dots hold \(room); "
                + "text is shown instead"
            if let field {
                field.warning(message, hint: "a short link of the platform")
            } else {
                display.field.warning("\(what): \(message)", hint: "a short link of the platform")
            }
        }
    }
}
