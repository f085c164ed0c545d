// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseDrivers
import Testing

/// What holds for every capture of every camera.
@Suite struct CameraCaptureTests {
    @Test func `every capture in the folders is listed and says where it comes from`() throws {
        // Plates on a serial line have captures of their own kind: SerialPlateTests.
        #expect(Set(Capture.Family.all.map(\.driver) + ["serial-plate"]) == Set(PlateDecoding.drivers))
        for family in Capture.Family.all {
            let files = try FileManager.default.contentsOfDirectory(atPath: family.url.path)
            #expect(Set(files.filter { $0.hasSuffix(".http") }) == Set(family.names.map { "\($0).http" }))
            for name in family.names {
                let origin = try String(
                    contentsOf: family.url.appending(path: "\(name).origin.yaml"), encoding: .utf8)
                #expect(origin.hasPrefix("origin: constructed\n") || origin.hasPrefix("origin: published\n"))
                #expect(origin.contains("\nfrom: "))
            }
        }
    }

    @Test(arguments: try Capture.all())
    func `H-42 every prefix of a capture is answered and none is taken for the whole`(capture: Capture) throws
    {
        let driver = capture.family.driver
        let whole = try PlateDecoding.jsonLines(driver: driver, bytes: capture.bytes)
        for length in capture.bytes.indices {
            let prefix = Array(capture.bytes[..<length])
            #expect((try? PlateDecoding.jsonLines(driver: driver, bytes: prefix)) == nil, "\(length)")
        }
        #expect(whole.count == 1)
    }

    /// One bit of each byte here; the fuzzer takes the rest.
    @Test(arguments: try Capture.all())
    func `H-42 a capture with any one byte changed is answered`(capture: Capture) {
        var changed = capture.bytes
        var understood = 0
        for index in changed.indices {
            changed[index] ^= 1 << UInt8(index % 8)
            if (try? PlateDecoding.jsonLines(driver: capture.family.driver, bytes: changed)) != nil {
                understood += 1
            }
            changed[index] = capture.bytes[index]
        }
        #expect(understood > 0 && understood < changed.count)
    }

    @Test(arguments: try Capture.all())
    func `each line is JSON with the keys that are promised`(capture: Capture) throws {
        let line = try PlateDecoding.jsonLines(driver: capture.family.driver, bytes: capture.bytes)[0]
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let keys: Set = [
            "kind", "plate", "raw", "color", "type", "confidence", "direction", "captured_at", "live",
            "device", "images", "duplicate_key",
        ]
        #expect(Set(try #require(object).keys) == keys)
        #expect(!line.contains("\n"))
    }
}
