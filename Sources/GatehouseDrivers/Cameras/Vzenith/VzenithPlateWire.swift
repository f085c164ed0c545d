// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseCore
package import GatehouseWire

/// Vzenith's HTTP push (`lpr-cameras.md` §3): bytes to event, no state.
package enum VzenithPlateWire {
    /// `contentType` is the request's; without one the body tells by its first bytes. Total: any bytes give an
    /// event or a `WireError`.
    package static func decode(
        contentType: String?, body: [UInt8], _ dialect: VzenithDialect = VzenithDialect()
    ) throws(WireError) -> VzenithEvent {
        let boundary =
            contentType.flatMap(Multipart.boundary(ofContentType:)) ?? Multipart.boundary(ofBody: body)
        if let boundary { return try form(body, boundary: boundary) }
        return try document(body, dialect)
    }

    /// The heartbeat. User name and password of the camera stand in it and go nowhere.
    private static func form(_ body: [UInt8], boundary: String) throws(WireError) -> VzenithEvent {
        let parts = try Multipart.parts(of: body, boundary: boundary)
        func field(_ name: String) -> String? {
            parts.first { $0.name == name }.flatMap { String(validating: body[$0.body], as: UTF8.self) }
        }
        guard let serial = field("serialno") else {
            throw WireError(expected: "a field serialno", found: "\(parts.count) parts without", offset: 0)
        }
        return VzenithEvent(
            content: .heartbeat(isJSON: false),
            device: CameraIdentity(id: serial, address: field("ipaddr")))
    }

    private static func document(
        _ body: [UInt8], _ dialect: VzenithDialect
    ) throws(WireError) -> VzenithEvent {
        guard body.count <= HTTPRequest.bodyLimit else {
            throw WireError(
                expected: "at most \(HTTPRequest.bodyLimit) bytes", found: "\(body.count)", offset: 0)
        }
        let shape = try JSONShape(body)
        var whole = body
        if !shape.missing.isEmpty {
            guard dialect.repairsTruncation, !shape.endsInString else {
                let missing = String(decoding: shape.missing, as: UTF8.self)
                throw WireError(
                    expected: "\(shape.endsInString ? "the end of a string and " : "")\(missing)",
                    found: "the end", offset: body.count)
            }
            whole += shape.missing
        }
        do {
            let decoder = JSONDecoder()
            decoder.userInfo[Message.dialect] = dialect
            return try decoder.decode(Message.self, from: Data(whole)).event
        } catch let error as WireError {
            throw error
        } catch DecodingError.typeMismatch {
            throw WireError(expected: "a JSON object", found: "another value", offset: 0)
        } catch {
            throw WireError(expected: "JSON in UTF-8", found: "something else", offset: 0)
        }
    }

    /// Reads the one object of a push.
    private struct Message: Decodable {
        static let dialect = unsafe CodingUserInfoKey(rawValue: "dialect").unsafelyUnwrapped

        let event: VzenithEvent

        init(from decoder: any Decoder) throws {
            let root = try JSONObject(from: decoder)
            let dialect = decoder.userInfo[Self.dialect] as? VzenithDialect ?? VzenithDialect()
            if let alarm = root.object("AlarmInfoPlate") {
                event = try VzenithPlateReader(alarm: alarm, dialect: dialect).event()
            } else if let alarm = root.object("AlarmGioIn") {
                event = VzenithEvent(content: Self.input(alarm), device: CameraIdentity(vzenith: alarm))
            } else if let data = root.object("SerialData") {
                event = VzenithEvent(
                    content: .serial(
                        port: data.number("serialChannel") ?? 0, bytes: data.bytes("data") ?? []),
                    device: CameraIdentity(vzenith: data))
            } else if let beat = root.object("heartbeat") {
                event = VzenithEvent(
                    content: .heartbeat(isJSON: true), device: CameraIdentity(vzenith: beat))
            } else {
                let type = root.names.sorted().first ?? "nothing"
                event = VzenithEvent(
                    content: .other(type: type),
                    device: CameraIdentity(vzenith: root.object(type) ?? root))
            }
        }

        private static func input(_ alarm: JSONObject) -> VzenithEvent.Content {
            let result = alarm.object("result")?.object("TriggerResult")
            return .input(source: result?.number("source") ?? -1, value: result?.number("value") ?? -1)
        }
    }
}

extension CameraIdentity {
    fileprivate init(vzenith object: JSONObject) {
        self.init(id: object.string("serialno"), address: object.string("ipaddr"))
    }
}

/// `AlarmInfoPlate`: a plate, or a trigger that is no arrival.
private struct VzenithPlateReader {
    let alarm: JSONObject
    let dialect: VzenithDialect

    func event() throws(WireError) -> VzenithEvent {
        guard let result = alarm.object("result")?.object("PlateResult") else {
            throw WireError(expected: "AlarmInfoPlate.result.PlateResult", found: "none", offset: 0)
        }
        let trigger = result.number("triggerType") ?? 0
        var event = VzenithEvent(
            content: .trigger(trigger), device: CameraIdentity(vzenith: alarm), at: stamp(result),
            plateID: result.number("plateid"))
        guard VzenithCodes.isArrival(trigger) else { return event }
        event.content = .plate(plate(result, event))
        return event
    }

    private func plate(_ result: JSONObject, _ event: VzenithEvent) -> VzenithPlate {
        let raw = result.string("license") ?? ""
        let type = result.number("type")
        let pictures = [("overview", "imageFile"), ("plate", "imageFragmentFile")].compactMap { role, name in
            result.bytes(name).map { (role: role, bytes: $0) }
        }
        let isFake = result.number("is_fake_plate") == 1
        let observation = PlateObservation(
            raw: raw, color: VzenithCodes.color(result.number("colorType")),
            declaredKind: VzenithCodes.kind(type, isClone: isClone(result, raw: raw, type: type)),
            confidence: result.number("confidence").map { Int(min(max($0, 0), 100)) },
            direction: VzenithCodes.direction(result.number("direction"), approach: dialect.approach),
            capturedAt: event.at?.wall, isLive: (result.number("isoffline") ?? 0) == 0,
            duplicateKey: key(result, event),
            openedByCamera: result.objects("gioouts").contains { $0.number("ctrltype") == 2 },
            images: pictures.map {
                ImageReference(role: $0.role, bytes: $0.bytes.count, sha256: pictureHash($0.bytes[...]))
            }, typeCode: type.map { isFake ? "\($0) fake" : "\($0)" })
        return VzenithPlate(observation: observation, pictures: pictures.map(\.bytes))
    }

    /// `sec` is true UTC; one camera was seen to send milliseconds in it.
    private func stamp(_ result: JSONObject) -> CameraTime? {
        guard let time = result.object("timeStamp")?.object("Timeval"), let seconds = time.number("sec"),
            seconds > 0, seconds < 7_258_118_400_000
        else { return nil }
        guard seconds < 100_000_000_000 else { return CameraTime(WallTime(milliseconds: seconds)) }
        let fraction = min(max(time.number("usec") ?? 0, 0), 999_999) / 1000
        return seconds < 7_258_118_400 ? CameraTime(WallTime(milliseconds: seconds * 1000 + fraction)) : nil
    }

    /// Record numbers begin anew when the camera's memory is formatted: the second tells them apart.
    private func key(_ result: JSONObject, _ event: VzenithEvent) -> String? {
        guard let plate = event.plateID, let time = event.at else { return nil }
        return "\(event.device.id ?? "")|\(plate)|\(time.wall.milliseconds / 1000)"
    }

    private func isClone(_ result: JSONObject, raw: String, type: Int64?) -> Bool {
        switch dialect.make {
        case .vzenith: return false
        case .qianyi: return true
        case .auto:
            let theirs = ["realplate", "retryflag", "Whitelist", "radarSpeed", "vehicleId", "openflag"]
            if theirs.contains(where: { result.has($0) || alarm.has($0) }) { return true }
            // Hong Kong and farm vehicles have no plates of eight characters, new-energy ones do.
            return (type == 11 || type == 12) && PlateText.folded(raw).count == 8
        }
    }
}
