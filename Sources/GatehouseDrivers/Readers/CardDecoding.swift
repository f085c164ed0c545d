// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore
package import GatehouseWire

/// What `gatehouse decode` prints for captured bytes of a card reader.
package enum CardDecoding {
    /// Drivers whose captures can be decoded.
    package static let drivers = [SerialCardDriver.driver.name]

    /// One JSON object per frame, in order, broken ones among them. With the driver's own settings where `settings`
    /// says nothing. The keys and their order are an interface: see `docs/adding-a-device`.
    package static func jsonLines(
        driver: String, bytes: [UInt8], settings: Table<String, String> = Table()
    ) throws(WireError) -> [String] {
        guard drivers.contains(driver) else {
            throw WireError(
                expected: "one of the drivers \(drivers.joined(separator: ", "))", found: driver, offset: 0)
        }
        var framer = SerialCardFramer(SerialCardSettings(settings))
        let results = framer.receive(bytes)
        guard !results.isEmpty || framer.isInFrame == false else {
            throw WireError(
                expected: "the end of a frame", found: "the end of the bytes", offset: bytes.count)
        }
        return results.map(line)
    }

    private static func line(_ result: SerialCardFramer.Result) -> String {
        let bytes = FieldWriter.object { object in
            switch result {
            case .card(let card):
                object.put("kind", "card")
                object.put("card", card.text)
                object.put("printed", objects: Card.Form.allCases.compactMap(card.shortened(to:))) {
                    shorter, fields in
                    fields.put("card", shorter.text)
                }
            case .broken(let error):
                object.put("kind", "broken")
                object.put("error", "\(error)")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
