// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The hazard log is only worth something while each line of it that software answers has a test.
@Suite struct HazardTests {
    /// Hazards whose proof lies elsewhere, with where.
    private let elsewhere = [
        "H-08": "a falling arm is the hardware's; what we do after power is H-15 and the restart tests",
        "H-39": "remote opening: comes with the uplink",
    ]

    @Test func `every hazard in the log has a test that carries its number`() throws {
        let log = try String(contentsOf: root.appending(path: "docs/hazards.md"), encoding: .utf8)
        let rows = log.split(separator: "\n").filter { $0.hasPrefix("| H-") }
        let numbers = rows.compactMap { $0.split(separator: "|").first?.trimmingCharacters(in: .whitespaces) }
        #expect(numbers.count > 40)
        let names = sources(under: "Tests").filter { $0.path != "LayeringTests/HazardTests.swift" }
            .flatMap(\.lines).filter { $0.contains("func `") || $0.contains("@Test(\"") }
            .joined(separator: "\n")
        for number in numbers where elsewhere[number] == nil {
            #expect(names.contains(number), "\(number) has no test")
        }
        for (number, _) in elsewhere { #expect(numbers.contains(number)) }
    }
}
