// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A Hikvision camera as its listener meets it: whole HTTP requests as bytes, written after the complete
/// example of `lpr-cameras.md` §1.2. It shares no code with the driver.
package struct PlateCameraModel: Sendable {
    package struct Request: Hashable, Sendable {
        package var contentType: String
        package var body: [UInt8]
        /// Request line, headers and body.
        package var bytes: [UInt8]

        package init(contentType: String, body: [UInt8], bytes: [UInt8]) {
            self.contentType = contentType
            self.body = body
            self.bytes = bytes
        }
    }

    /// One passing vehicle as the camera sees it.
    package struct Sight: Hashable, Sendable {
        /// With the maker's colour character: `蓝沪A2K605`; `unknown` for none.
        package var plate: String
        package var color: String
        package var type: String
        package var confidence: Int
        package var direction: String
        package var overviewBytes: Int?
        package var cropBytes: Int?
        /// A picture that somebody looks at, instead of so many bytes of noise.
        package var overview: [UInt8]?
        package var isResent: Bool
        /// The camera opened by its own list.
        package var openedByItself: Bool

        package init(
            plate: String, color: String = "blue", type: String = "92TypeCivil", confidence: Int = 97,
            direction: String = "forward", overviewBytes: Int? = 4, cropBytes: Int? = 0,
            isResent: Bool = false, openedByItself: Bool = false
        ) {
            self.plate = plate
            self.color = color
            self.type = type
            self.confidence = confidence
            self.direction = direction
            self.overviewBytes = overviewBytes
            self.cropBytes = cropBytes
            self.isResent = isResent
            self.openedByItself = openedByItself
        }
    }

    package var address: String
    package var target: String
    /// Added to the true time before the stamp is written.
    package var clockError: Duration = .zero
    /// The digits are right for UTC+8, the label says so many minutes; 480 on a well-set camera.
    package var zoneLabelMinutes = 480
    package var host = "192.168.10.2:8080"
    /// Tells its events from those of the other cameras, four hexadecimal digits.
    package var serial = "9d35"
    private var count = 0

    package init(address: String = "192.168.10.64", target: String = "/lane/1/hik") {
        self.address = address
        self.target = target
    }

    /// A capture. Each call is a new event; send the same bytes again for a repeat.
    package mutating func capture(_ sight: Sight, at wall: WallTime) -> Request {
        count += 1
        let document = Array(plateDocument(sight, at: wall).utf8)
        guard sight.overviewBytes != nil || sight.cropBytes != nil else {
            return request(type: "application/xml", body: document)
        }
        let boundary = "---------------------------5c9b1e77a204"
        var body: [UInt8] = []
        func part(_ name: String, _ type: String, _ content: [UInt8]) {
            body += Array("--\(boundary)\r\n".utf8)
            body += Array(#"Content-Disposition: form-data; name="\#(name)"; filename="\#(name)""#.utf8)
            body += Array("\r\nContent-Type: \(type)\r\nContent-Length: \(content.count)\r\n\r\n".utf8)
            body += content + [13, 10]
        }
        part("anpr.xml", #"application/xml; charset="UTF-8""#, document)
        if let size = sight.cropBytes { part("licensePlatePicture.jpg", "image/jpeg", picture(size)) }
        if let size = sight.overviewBytes {
            part("detectionPicture.jpg", "image/jpeg", sight.overview ?? picture(size))
        }
        body += Array("--\(boundary)--\r\n".utf8)
        return request(type: "multipart/form-data; boundary=\(boundary)", body: body)
    }

    package mutating func heartbeat(at wall: WallTime) -> Request {
        let document = """
            <EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
            <ipAddress>\(address)</ipAddress>
            <portNo>80</portNo>
            <protocol>HTTP</protocol>
            <macAddress>a4:d5:c2:10:3e:7f</macAddress>
            <channelID>1</channelID>
            <dateTime>\(stamp(wall))</dateTime>
            <activePostCount>0</activePostCount>
            <eventType>videoloss</eventType>
            <eventState>inactive</eventState>
            <eventDescription>videoloss alarm</eventDescription>
            </EventNotificationAlert>

            """
        return request(type: #"application/xml; charset="UTF-8""#, body: Array(document.utf8))
    }

    private func request(type: String, body: [UInt8]) -> Request {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept: */*\r\nContent-Type: \(type)\r\n"
            + "Content-Length: \(body.count)\r\nConnection: keep-alive\r\n\r\n"
        return Request(contentType: type, body: body, bytes: Array(head.utf8) + body)
    }

    private func picture(_ size: Int) -> [UInt8] {
        guard size >= 4 else { return Array([0xFF, 0xD8, 0xFF, 0xD9].prefix(size)) }
        let middle = (0..<(size - 4)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
        return [0xFF, 0xD8] + middle + [0xFF, 0xD9]
    }

    private func plateDocument(_ sight: Sight, at wall: WallTime) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
        <ipAddress>\(address)</ipAddress>
        <portNo>80</portNo>
        <protocol>HTTP</protocol>
        <macAddress>a4:d5:c2:10:3e:7f</macAddress>
        <channelID>1</channelID>
        <dateTime>\(stamp(wall))</dateTime>
        <activePostCount>1</activePostCount>
        <eventType>ANPR</eventType>
        <eventState>active</eventState>
        <eventDescription>ANPR</eventDescription>
        <ANPR>
        <country>59</country>
        <licensePlate>\(sight.plate)</licensePlate>
        <line>1</line>
        <direction>\(sight.direction)</direction>
        <confidenceLevel>\(sight.confidence)</confidenceLevel>
        <plateType>\(sight.type)</plateType>
        <plateColor>\(sight.color)</plateColor>
        <barrierGateCtrlType>\(sight.openedByItself ? 1 : 0)</barrierGateCtrlType>
        <alarmDataType>\(sight.isResent ? 1 : 0)</alarmDataType>
        <pictureInfoList>
        </pictureInfoList>
        </ANPR>
        <UUID>\(identity)</UUID>
        <picNum>\((sight.cropBytes == nil ? 0 : 1) + (sight.overviewBytes == nil ? 0 : 1))</picNum>
        <isDataRetransmission>\(sight.isResent)</isDataRetransmission>
        </EventNotificationAlert>

        """
    }

    private var identity: String {
        let digits = String(count, radix: 16)
        let padded = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return "0b1f6c52-7e0a-4c8e-\(serial)-\(padded)"
    }

    /// Local digits of UTC+8 with the label that is set.
    private func stamp(_ wall: WallTime) -> String {
        let local = (wall + clockError + .seconds(8 * 3600)).milliseconds
        let (days, inDay) = (local / 86_400_000, local % 86_400_000)
        let date = Self.date(Int(days))
        let time = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { Self.digits(Int($0), 2) }
        let label = abs(zoneLabelMinutes)
        let zone =
            "\(zoneLabelMinutes < 0 ? "-" : "+")\(Self.digits(label / 60, 2)):\(Self.digits(label % 60, 2))"
        return "\(date)T\(time.joined(separator: ":")).\(Self.digits(Int(inDay % 1000), 3))\(zone)"
    }

    private static func date(_ days: Int) -> String {
        var (year, rest) = (1970, days)
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var month = 0
        while rest >= lengths[month] {
            rest -= lengths[month]
            month += 1
        }
        return "\(digits(year, 4))-\(digits(month + 1, 2))-\(digits(rest + 1, 2))"
    }

    private static func digits(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
