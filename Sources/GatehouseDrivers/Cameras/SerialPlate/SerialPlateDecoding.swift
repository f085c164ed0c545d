// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseWire

/// Captured bytes of a serial line without the settings of its site: the framing that every byte agrees with is it.
enum SerialPlateDecoding {
    static func observations(_ bytes: [UInt8]) throws(WireError) -> [PlateObservation] {
        var mistake = WireError(expected: "a plate", found: "the end", offset: bytes.count)
        let begins = bytes.first == 0x02
        let framings: [SerialPlateSettings.Framing] = begins ? [.stxETXCheck, .stxETX] : [.line]
        for framing in framings {
            do throws(WireError) {
                let observations = try observations(bytes, framing)
                if !observations.isEmpty { return observations }
            } catch {
                mistake = error
            }
        }
        throw mistake
    }

    private static func observations(
        _ bytes: [UInt8], _ framing: SerialPlateSettings.Framing
    ) throws(WireError) -> [PlateObservation] {
        var framer = SerialPlateFramer(framing)
        var frames = framer.receive(bytes)
        // A file often ends without the end of its last line.
        if framer.isWithin {
            guard framing == .line else {
                throw WireError(expected: "the end of a frame", found: "the end", offset: bytes.count)
            }
            frames += framer.receive([UInt8(ascii: "\n")])
        }
        var observations: [PlateObservation] = []
        for frame in frames {
            let text: [UInt8]
            switch frame {
            case .success(let bytes): text = bytes
            case .failure(let error): throw error
            }
            var settings = SerialPlateSettings()
            if text.contains(UInt8(ascii: ",")) { (settings.colorField, settings.confidenceField) = (2, 3) }
            observations.append(try SerialPlateWire.decode(text, settings))
        }
        return observations
    }
}
