// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
package import GatehouseWire

/// What `gatehouse decode` prints for a captured request.
package enum PlateDecoding {
    /// Drivers whose captures can be decoded.
    package static let drivers = [
        HikvisionDriver.driver.name, SerialPlateDriver.driver.name, VzenithDriver.driver.name,
    ]

    /// One JSON object per event in a whole HTTP request, a bare multipart body or a bare document. The keys
    /// and their order are an interface: see `docs/adding-a-device`.
    package static func jsonLines(driver: String, bytes: [UInt8]) throws(WireError) -> [String] {
        guard drivers.contains(driver) else {
            throw WireError(
                expected: "one of the drivers \(drivers.joined(separator: ", "))", found: driver, offset: 0)
        }
        if driver == SerialPlateDriver.driver.name {
            return try SerialPlateDecoding.observations(bytes).map { observation in
                line(Event(kind: "plate", observation: observation, device: CameraIdentity()))
            }
        }
        guard HTTPRequest.isRequest(bytes) else {
            return [line(try event(driver, contentType: nil, body: bytes))]
        }
        let request = try HTTPRequest(bytes)
        do {
            let type = request.headers.first(named: "content-type")
            return [line(try event(driver, contentType: type, body: request.body))]
        } catch {
            // People look for it in what they gave, which the body is only a part of.
            throw WireError(
                expected: error.expected, found: error.found, offset: request.offset(ofBody: error.offset))
        }
    }

    /// What every family's event says.
    private struct Event {
        var kind: String
        var observation = PlateObservation(raw: "")
        var device: CameraIdentity
        var at: CameraTime?
    }

    private static func event(
        _ driver: String, contentType: String?, body: [UInt8]
    ) throws(WireError) -> Event {
        guard driver == VzenithDriver.driver.name else {
            let event = try HikvisionPlateWire.decode(contentType: contentType, body: body)
            let (device, at) = (event.device, event.at)
            return switch event.content {
            case .plate(let plate):
                Event(kind: "plate", observation: plate.observation, device: device, at: at)
            case .heartbeat: Event(kind: "heartbeat", device: device, at: at)
            case .other: Event(kind: "other", device: device, at: at)
            }
        }
        let event = try VzenithPlateWire.decode(contentType: contentType, body: body)
        let (device, at) = (event.device, event.at)
        return switch event.content {
        case .plate(let plate):
            Event(kind: "plate", observation: plate.observation, device: device, at: at)
        case .heartbeat: Event(kind: "heartbeat", device: device, at: at)
        case .input, .serial, .trigger, .other: Event(kind: "other", device: device, at: at)
        }
    }

    private static func line(_ event: Event) -> String {
        let observation = event.observation
        let reading = PlateGrammar.parse(
            observation.raw, color: observation.color, declared: observation.declaredKind)
        let bytes = FieldWriter.object { object in
            object.put("kind", event.kind)
            object.put("plate", orNull: event.kind == "plate" ? reading.plate?.text : nil)
            object.put("raw", observation.raw)
            object.put("color", reading.color.rawValue)
            object.put("type", reading.kind.rawValue)
            if let confidence = observation.confidence {
                object.put("confidence", confidence)
            } else {
                object.putNull("confidence")
            }
            object.put("direction", observation.direction.rawValue)
            object.put("captured_at", orNull: event.at?.text)
            object.put("live", observation.isLive)
            object.put(
                "device",
                object: { device in
                    device.put("id", ifPresent: event.device.id)
                    device.put("address", ifPresent: event.device.address)
                    device.put("model", ifPresent: event.device.model)
                })
            object.put("images", objects: observation.images) { image, writer in
                writer.put("role", image.role)
                writer.put("bytes", image.bytes)
                writer.put("sha256", image.sha256)
            }
            object.put("duplicate_key", orNull: observation.duplicateKey)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FieldWriter {
    fileprivate mutating func put(_ key: String, orNull value: String?) {
        if let value { put(key, value) } else { putNull(key) }
    }
}
