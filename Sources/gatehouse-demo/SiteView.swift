// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseTwins

/// What `gatehouse status --json` says.
struct SiteView {
    let site: TwinSite

    init(_ site: TwinSite) { self.site = site }

    func status() throws -> Fields {
        let answer = try site.gatehouse("status", "--json")
        guard answer.isSuccess else { throw TwinError("gatehouse status failed: \(answer.errors)") }
        do {
            return try Fields(Array(answer.output.utf8))
        } catch {
            throw TwinError("gatehouse status --json cannot be read: \(error): \(answer.output.prefix(200))")
        }
    }

    func wait(_ lane: String, phase wanted: [String], within limit: Duration) throws {
        var last = "no answer"
        do {
            try waiting(for: "lane \(lane) to be \(wanted.joined(separator: " or "))", within: limit) {
                () -> Bool? in
                let lanes = try status().objects("lanes")
                let found = lanes.first { (try? $0.string("name")) == lane }
                last = (try? found?.string("phase")) ?? "not listed"
                return wanted.contains(last) ? true : nil
            }
        } catch let error as TwinError {
            throw TwinError("\(error.description); it says \"\(last)\"")
        }
    }

    func isFireOver() throws -> Bool {
        try status().objects("lanes").allSatisfy { try !$0.bool("fire") }
    }

    func inside(_ area: String) throws -> Int? {
        let areas = try status().objects("areas")
        return try areas.first { (try? $0.string("name")) == area }?.int("inside")
    }
}
