// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// A Vzenith camera as its server meets it, written after `lpr-cameras.md` §3: it pushes JSON, reads the answers and
/// does what they say. It shares no code with the driver.
package struct VzenithCameraModel: Sendable {
    package typealias Request = PlateCameraModel.Request

    /// One passing vehicle as the camera sees it.
    package struct Sight: Hashable, Sendable {
        /// `_无_` for none.
        package var plate: String
        package var colorType: Int
        package var type: Int
        package var confidence: Int
        package var direction: Int
        package var trigger: Int
        package var isOffline: Bool
        /// By its own list, while nobody answered.
        package var openedByItself: Bool
        package var overviewBytes: Int?
        package var cropBytes: Int?

        package init(
            plate: String, colorType: Int = 1, type: Int = 1, confidence: Int = 98, direction: Int = 4,
            trigger: Int = 1, isOffline: Bool = false, openedByItself: Bool = false, overviewBytes: Int? = 4,
            cropBytes: Int? = 4
        ) {
            self.plate = plate
            self.colorType = colorType
            self.type = type
            self.confidence = confidence
            self.direction = direction
            self.trigger = trigger
            self.isOffline = isOffline
            self.openedByItself = openedByItself
            self.overviewBytes = overviewBytes
            self.cropBytes = cropBytes
        }
    }

    /// What an answer made it do.
    package struct Action: Hashable, Sendable {
        /// The output that was pulsed, 0 the first.
        package var pulsed: Int?
        package var serial: [Sent] = []
        /// A stored record may follow.
        package var continues = false
        /// It will not send this again.
        package var isTaken = false

        package init() {}

        package struct Sent: Hashable, Sendable {
            package var port: Int
            package var bytes: [UInt8]
        }
    }

    package var address: String
    package var target: String
    package var host = "192.168.10.2:8080"
    package var serial = "8c1f20a4-5b07d3e9"
    /// Added to the true time before the stamp is written.
    package var clockError: Duration = .zero
    /// Members that only copies of the camera send; they also want `retransfer_stop`.
    package var isClone = false
    private var count = 411

    package init(address: String = "192.168.10.65", target: String = "/devicemanagement/php/plateresult.php")
    {
        self.address = address
        self.target = target
    }

    // MARK: What it sends

    /// A capture. Each call is a new record; send the same bytes again for a repeat.
    package mutating func capture(_ sight: Sight, at wall: WallTime) -> Request {
        count += 1
        return json(plateDocument(sight, at: wall + clockError))
    }

    package func heartbeat() -> Request {
        let boundary = "----------------------------9a7f21d0c4be"
        let fields = [
            ("device_name", "EastIn"), ("ipaddr", address), ("port", "80"), ("user_name", "admin"),
            ("pass_wd", "admin"), ("serialno", serial), ("channel_num", "1"),
        ]
        let parts = fields.map { name, value in
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        return request(
            type: "multipart/form-data; boundary=\(boundary)",
            body: Array((parts.joined() + "--\(boundary)--\r\n").utf8))
    }

    /// Of copies.
    package func heartbeatOfClone() -> Request { json(#"{"heartbeat":{"serialno":"\#(serial)"}}"#) }

    package func contact(_ source: Int, _ value: Int) -> Request {
        json(
            #"{"AlarmGioIn":{"deviceName":"EastIn","ipaddr":"\#(address)","serialno":"\#(serial)","#
                + #""result":{"TriggerResult":{"source":\#(source),"value":\#(value)}}}}"#)
    }

    package func received(_ bytes: [UInt8], port: Int = 0) -> Request {
        json(
            #"{"SerialData":{"channel":0,"serialno":"\#(serial)","ipaddr":"\#(address)","deviceName":"EastIn","#
                + #""serialChannel":\#(port),"data":"\#(PlainBase64.text(bytes))","dataLen":\#(bytes.count)}}"#
        )
    }

    private func json(_ text: String) -> Request {
        request(type: "application/json", body: Array(text.utf8))
    }

    private func request(type: String, body: [UInt8]) -> Request {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: \(type)\r\n"
            + "Content-Length: \(body.count)\r\nConnection: keep-alive\r\n\r\n"
        return Request(contentType: type, body: body, bytes: Array(head.utf8) + body)
    }

    private func plateDocument(_ sight: Sight, at wall: WallTime) -> String {
        let milliseconds = wall.milliseconds
        let pictures = [("imageFile", sight.overviewBytes), ("imageFragmentFile", sight.cropBytes)]
            .map { name, size in
                guard let size else { return "" }
                return #""\#(name)":"\#(PlainBase64.text(picture(size)))","\#(name)Len":\#(size),"#
            }
        return #"{"AlarmInfoPlate":{"channel":0,"deviceName":"EastIn","ipaddr":"\#(address)","#
            + #""serialno":"\#(serial)","result":{"PlateResult":{"colorType":\#(sight.colorType),"#
            + #""confidence":\#(sight.confidence),"direction":\#(sight.direction),"#
            + #""gioouts":[{"ctrltype":\#(sight.openedByItself ? 2 : 0),"ionum":"0"}],"#
            + pictures.joined() + #""is_fake_plate":0,"isoffline":\#(sight.isOffline ? 1 : 0),"#
            + (isClone ? #""retryflag":0,"realplate":"","# : "")
            + #""license":"\#(sight.plate)","plateid":\#(count),"#
            + #""timeStamp":{"Timeval":{"sec":\#(milliseconds / 1000),"usec":\#(milliseconds % 1000 * 1000)}},"#
            + #""triggerType":\#(sight.trigger),"type":\#(sight.type)}}}}"#
    }

    private func picture(_ size: Int) -> [UInt8] {
        guard size >= 4 else { return Array([0xFF, 0xD8, 0xFF, 0xD9].prefix(size)) }
        let middle = (0..<(size - 4)).map { UInt8(truncatingIfNeeded: $0 &* 29 &+ count) }
        return [0xFF, 0xD8] + middle + [0xFF, 0xD9]
    }

    // MARK: What it reads

    /// An answer; what cannot be read does nothing.
    package func act(on status: Int, _ body: [UInt8]) -> Action {
        var action = Action()
        guard status == 200 else { return action }
        action.isTaken = !isClone
        guard let root = PlainJSON(body) else { return action }
        let plate = root["Response_AlarmInfoPlate"]
        let response = plate ?? root["Response_SerialData"] ?? root["Response_Heartbeat"]
        if let plate {
            action.isTaken = !isClone || plate["content"]?.text == "retransfer_stop"
            if plate["info"]?.text == "ok" { action.pulsed = plate["channelNum"]?.number ?? 0 }
            action.continues = plate["ContinuePushOffline"]?["continue"]?.number == 1
        }
        for frame in response?["serialData"]?.list ?? [] {
            guard let port = frame["serialChannel"]?.number, let length = frame["dataLen"]?.number,
                let bytes = frame["data"]?.text.flatMap(PlainBase64.bytes)
            else { continue }
            // The port gets so many bytes, whatever the text holds.
            action.serial.append(Action.Sent(port: port, bytes: Array(bytes.prefix(length))))
        }
        return action
    }
}
