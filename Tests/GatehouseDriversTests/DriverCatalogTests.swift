// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDrivers
import Testing

@Suite struct DriverCatalogTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func folders(_ path: String) throws -> [String] {
        let url = Self.root.appending(path: path)
        return try FileManager.default.contentsOfDirectory(
            at: url, includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        .map(\.lastPathComponent).sorted()
    }

    @Test func `the catalogue names exactly the drivers that have a folder, in order`() throws {
        let families = try folders("Sources/GatehouseDrivers").filter { $0 != "Transport" }
        let found = try families.flatMap { family in
            try folders("Sources/GatehouseDrivers/\(family)").map { "\(family)/\($0)" }
        }
        #expect(DriverCatalog.drivers.map(\.folder).sorted() == found)
        #expect(DriverCatalog.drivers.map(\.name) == DriverCatalog.drivers.map(\.name).sorted())
        for driver in DriverCatalog.drivers {
            #expect(
                try !folders("Tests/GatehouseDriversTests/\(driver.folder.split(separator: "/")[0])").isEmpty)
        }
    }

    @Test func `every fallback is a value that its setting allows`() {
        for driver in DriverCatalog.drivers {
            #expect(Set(driver.settings.map(\.key)).count == driver.settings.count)
            for setting in driver.settings { #expect(setting.allows(setting.fallback), "\(setting.key)") }
            #expect(driver.description.settings.map(\.key) == driver.settings.map(\.key))
        }
        #expect(DriverCatalog.driver("modbus-relay")?.kind == .relay)
        #expect(DriverCatalog.driver("nothing") == nil)
    }

    @Test func `settings of a plan reach the session's settings, others fall back`() {
        var values = Table<String, String>()
        values["flash_base"] = "512"
        values["inputs"] = "8"
        values["echo"] = "present"
        values["poll_ms"] = "1"
        let plan = DevicePlan(
            name: "r", profile: "p", driver: "modbus-relay", address: "/dev/x", settings: values)
        let settings = ModbusRelaySettings(plan)
        #expect(settings.flashBase == 0x200)
        #expect(settings.inputs == 8)
        #expect(settings.echo == .present)
        #expect(settings.pollInterval == .milliseconds(50))
        #expect(settings.versionRegister == nil)
        let camera = HikvisionSettings(
            DevicePlan(name: "c", profile: "p", driver: "hikvision-isapi", address: "192.0.2.21"))
        #expect(camera == HikvisionSettings(CameraRules(allowedPeers: ["192.0.2.21"])))
    }

    /// A reader for the flat part of a profile: `key: value`, and the lines below `settings:`.
    @Test func `every profile of a driver uses its settings and its words`() throws {
        for family in ["cameras", "displays", "readers", "relays", "scanners"] {
            let url = Self.root.appending(path: "hardware-profiles/\(family)")
            let files = try FileManager.default.contentsOfDirectory(atPath: url.path).filter {
                $0.hasSuffix(".yaml")
            }
            #expect(!files.isEmpty)
            for file in files {
                let lines = try String(contentsOf: url.appending(path: file), encoding: .utf8)
                    .split(separator: "\n").map(String.init)
                let name = lines.first { $0.hasPrefix("driver: ") }?.dropFirst(8)
                let driver = try #require(DriverCatalog.driver(String(name ?? "")), "\(file)")
                let start = try #require(lines.firstIndex(of: "settings:"))
                for line in lines[(start + 1)...].prefix(while: { $0.hasPrefix("  ") }) {
                    let parts = line.split(separator: ":", maxSplits: 1).map { $0.filter { $0 != " " } }
                    let setting = driver.settings.first { $0.key == parts[0] }
                    #expect(setting?.allows(parts[1]) == true, "\(file): \(line)")
                }
                let words = try #require(lines.first { $0.hasPrefix("capabilities: [") })
                    .dropFirst(15).dropLast().split(separator: ",").map { $0.filter { $0 != " " } }
                #expect(words.allSatisfy(driver.capabilities.contains), "\(file)")
                #expect(lines.contains("verified: []"))
            }
        }
    }
}
