// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
package import GatehouseWire

/// Hikvision ISAPI events as pushed to an HTTP host (`lpr-cameras.md` §1): bytes to event, no state.
package enum HikvisionPlateWire {
    /// `contentType` is the request's; without one the body tells by its first bytes. Total: any bytes give an
    /// event or a `WireError`.
    package static func decode(
        contentType: String?, body: [UInt8]
    ) throws(WireError) -> HikvisionEvent {
        guard let boundary = boundary(contentType: contentType, body: body) else {
            return try event(XMLReader.document(body), pictures: [], body: body)
        }
        let parts = try Multipart.parts(of: body, boundary: boundary)
        guard let document = parts.first(where: { isDocument($0, in: body) }) else {
            throw WireError(expected: "a part with XML", found: "\(parts.count) parts without", offset: 0)
        }
        let root: XMLElement
        do {
            root = try XMLReader.document(Array(body[document.body]))
        } catch {
            throw WireError(
                expected: error.expected, found: error.found, offset: document.body.lowerBound + error.offset)
        }
        return try event(root, pictures: parts.filter { isPicture($0, in: body) }, body: body)
    }

    /// Says "received" to cameras that check the reply (`checkResponseEnabled`).
    package static func reply(to target: String) -> [UInt8] {
        let escaped = target.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "&"): text += "&amp;"
            case UInt8(ascii: "<"): text += "&lt;"
            case UInt8(ascii: ">"): text += "&gt;"
            case 0x21...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: break
            }
        }
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ResponseStatus version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
            <requestURL>\(escaped)</requestURL>
            <statusCode>1</statusCode>
            <statusString>OK</statusString>
            <subStatusCode>ok</subStatusCode>
            </ResponseStatus>

            """.utf8)
    }

    private static func boundary(contentType: String?, body: [UInt8]) -> String? {
        if let boundary = contentType.flatMap(Multipart.boundary(ofContentType:)) { return boundary }
        return Multipart.boundary(ofBody: body)
    }

    /// By type or by its first byte: firmware differs in what it calls the part.
    private static func isDocument(_ part: MultipartPart, in body: [UInt8]) -> Bool {
        if let type = part.contentType, type.hasSuffix("/xml") { return true }
        let first = body[part.body].first { $0 > 0x20 }
        return first == UInt8(ascii: "<") || body[part.body].starts(with: [0xEF, 0xBB, 0xBF])
    }

    private static func isPicture(_ part: MultipartPart, in body: [UInt8]) -> Bool {
        if let type = part.contentType { return type.hasPrefix("image/") }
        return body[part.body].starts(with: [0xFF, 0xD8])
    }

    private static func event(
        _ root: XMLElement, pictures: [MultipartPart], body: [UInt8]
    ) throws(WireError) -> HikvisionEvent {
        guard root.name == "EventNotificationAlert" else {
            throw WireError(expected: "EventNotificationAlert", found: root.name, offset: 0)
        }
        guard let type = root.text(of: "eventType") else {
            throw WireError(expected: "eventType", found: "none", offset: 0)
        }
        let event = HikvisionEvent(
            content: .other(type: type), device: device(root),
            at: root.text(of: "dateTime").flatMap(CameraTime.init))
        switch type.asciiLowercased {
        case "anpr": return try plate(root, event, pictures: pictures, body: body)
        case "heartbeat": return event.with(.heartbeat)
        case "videoloss" where root.text(of: "eventState") == "inactive": return event.with(.heartbeat)
        default: return event
        }
    }

    private static func device(_ root: XMLElement) -> CameraIdentity {
        // deviceUUID often is "MODEL SERIAL".
        let words = root.text(of: "deviceUUID")?.split(separator: " ").map(String.init) ?? []
        return CameraIdentity(
            id: root.text(of: "deviceID") ?? words.last ?? root.text(of: "macAddress"),
            address: root.text(of: "ipAddress"), model: words.count == 2 ? words[0] : nil)
    }

    private static func plate(
        _ root: XMLElement, _ event: HikvisionEvent, pictures parts: [MultipartPart], body: [UInt8]
    ) throws(WireError) -> HikvisionEvent {
        guard let anpr = root.child("ANPR") else {
            throw WireError(expected: "ANPR", found: "none", offset: 0)
        }
        // Some fields stand beside ANPR on one firmware and inside it on another.
        let field = { (name: String) in root.text(of: name) ?? anpr.text(of: name) }
        let raw = anpr.text(of: "licensePlate") ?? ""
        let color = HikvisionCodes.color(anpr.text(of: "plateColor"))
        let type = anpr.text(of: "plateType")
        let original = anpr.text(of: "originalLicensePlate")
        let pictures = pictureList(anpr, parts)
        let observation = PlateObservation(
            raw: raw, color: color, declaredKind: HikvisionCodes.kind(type, color: color),
            confidence: anpr.text(of: "confidenceLevel").flatMap { Int($0) }.map { min(max($0, 0), 100) },
            direction: HikvisionCodes.direction(anpr.text(of: "direction")), capturedAt: event.at?.wall,
            isLive: field("isDataRetransmission")?.asciiLowercased != "true"
                && (field("alarmDataType") ?? "0") == "0",
            duplicateKey: field("UUID") ?? fallbackKey(root, raw: raw),
            openedByCamera: (field("barrierGateCtrlType") ?? "0") != "0",
            images: pictures.map { picture in
                ImageReference(
                    role: picture.role, bytes: picture.range.count, sha256: pictureHash(body[picture.range]))
            }, original: original == raw ? nil : original, typeCode: type)
        let plate = HikvisionPlate(
            observation: observation,
            channel: root.text(of: "channelID").flatMap { Int($0) }, pictures: pictures.map(\.range))
        return event.with(.plate(plate))
    }

    /// A part is paired with its description by `pId`, else by file name.
    private static func pictureList(
        _ anpr: XMLElement, _ parts: [MultipartPart]
    ) -> [(role: String, range: Range<Int>)] {
        let descriptions = anpr.child("pictureInfoList")?.children ?? []
        return parts.map { part in
            let file = part.fileName ?? part.name ?? ""
            let described =
                descriptions.first { part.name != nil && $0.text(of: "pId") == part.name }
                ?? descriptions.first { $0.text(of: "fileName") == file }
            let name = described?.text(of: "type") ?? String(file.prefix { $0 != "." })
            return (HikvisionCodes.role(ofPicture: name), part.body)
        }
    }

    /// Without a UUID: the same camera does not see the same text twice in one millisecond.
    private static func fallbackKey(_ root: XMLElement, raw: String) -> String? {
        guard let time = root.text(of: "dateTime") else { return nil }
        let parts = [root.text(of: "macAddress") ?? "", root.text(of: "channelID") ?? "", time, raw]
        return parts.joined(separator: "|")
    }
}

extension HikvisionEvent {
    fileprivate func with(_ content: Content) -> HikvisionEvent {
        HikvisionEvent(content: content, device: device, at: at)
    }
}
