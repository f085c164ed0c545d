// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseWire
import Testing

@Suite struct VzenithPlateWireTests {
    private func event(
        _ name: String, _ dialect: VzenithDialect = VzenithDialect()
    ) throws -> VzenithEvent {
        let request = try Capture(name, of: .vzenith).request()
        return try VzenithPlateWire.decode(
            contentType: request.headers.first(named: "content-type"), body: request.body, dialect)
    }

    private func plate(
        _ name: String, _ dialect: VzenithDialect = VzenithDialect()
    ) throws -> VzenithPlate {
        guard case .plate(let plate) = try event(name, dialect).content else {
            throw WireError(expected: "a plate", found: "something else", offset: 0)
        }
        return plate
    }

    /// A plate result of these members alone.
    private func observation(
        _ members: String, _ dialect: VzenithDialect = VzenithDialect()
    ) throws -> PlateObservation {
        let text = #"{"AlarmInfoPlate":{"serialno":"s","result":{"PlateResult":{\#(members)}}}}"#
        let event = try VzenithPlateWire.decode(contentType: nil, body: Array(text.utf8), dialect)
        guard case .plate(let plate) = event.content else {
            throw WireError(expected: "a plate", found: "something else", offset: 0)
        }
        return plate.observation
    }

    @Test func `the complete example says what the document says`() throws {
        let event = try event("complete-example")
        let plate = try plate("complete-example")
        let observation = plate.observation
        #expect(observation.raw == "沪A2K605")
        #expect(observation.color == .blue && observation.declaredKind == .smallCivil)
        #expect(observation.confidence == 98 && observation.direction == .approach)
        #expect(observation.isLive && !observation.openedByCamera)
        #expect(observation.duplicateKey == "8c1f20a4-5b07d3e9|412|1772411415")
        #expect(observation.capturedAt == WallTime(milliseconds: 1_772_411_415_482))
        #expect(event.device.id == "8c1f20a4-5b07d3e9" && event.device.address == "192.168.10.65")
        #expect(event.plateID == 412)
        #expect(observation.images.map(\.role) == ["overview", "plate"])
        #expect(plate.pictures == [[0xFF, 0xD8, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF, 0xD9]])
        #expect(observation.typeCode == "1" && observation.original == nil)
    }

    @Test func `the answer that opens is the document's 386 bytes`() throws {
        func frame(_ hexadecimal: String) -> VzenithReply.Frame {
            let digits = Array(hexadecimal)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0..<$0 + 2]), radix: 16)
            }
            return VzenithReply.Frame(port: 0, bytes: bytes)
        }
        let reply = VzenithReply(
            opens: 0, plateID: 412,
            serial: [
                frame("0064ffff621b000001000500010301ff000000000000000800bba641324b363035ca98"),
                frame(
                    "0064ffff622101000100050001030100ff0000000000000e00d4c2d7e2b3b5caa3d3e03135ccec7e47"),
                frame("0064ffff300901bbb6d3adb9e2c1d93258"),
            ])
        let golden =
            #"{"Response_AlarmInfoPlate":{"info":"ok","channelNum":0,"content":"retransfer_stop","is_pay":"true","#
            + #""plateid":412,"serialData":[{"serialChannel":0,"data":"AGT//2IbAAABAAUAAQMB/wAAAAAAAAAIALumQTJLNjA1"#
            + #"ypg=","dataLen":35},{"serialChannel":0,"data":"AGT//2IhAQABAAUAAQMBAP8AAAAAAAAOANTC1+Kztcqj0+AxNczsf"#
            + #"kc=","dataLen":41},{"serialChannel":0,"data":"AGT//zAJAbu206254sHZMlg=","dataLen":17}]}}"#
        #expect(String(decoding: reply.plate, as: UTF8.self) == golden)
        #expect(reply.plate.count == 386)
    }

    @Test func `answers that do not open say so, and other pushes have answers of their own`() {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        #expect(
            text(VzenithReply(plateID: 412, continuesOffline: true).plate)
                == #"{"Response_AlarmInfoPlate":{"info":"no","content":"retransfer_stop","plateid":412,"#
                + #""serialData":[],"ContinuePushOffline":{"plateid":412,"continue":1}}}"#)
        #expect(
            text(VzenithReply().heartbeat)
                == #"{"Response_Heartbeat":{"info":"no","serialData":[],"snapnow":"no"}}"#)
        #expect(text(VzenithReply().serialData) == #"{"Response_SerialData":{"info":"ok","serialData":[]}}"#)
    }

    @Test func `the heartbeat is the document's 774 bytes and tells nothing of its password`() throws {
        let request = try Capture("heartbeat", of: .vzenith).request()
        #expect(request.body.count == 774)
        let event = try event("heartbeat")
        #expect(event.content == .heartbeat(isJSON: false) && event.device.id == "8c1f20a4-5b07d3e9")
        #expect(!"\(event)".contains("admin"))
        let session = VzenithSession(VzenithSettings(), at: .zero)
        let push = CameraPush(
            id: PushID(1), peer: "", target: "/", contentType: request.headers.first(named: "content-type"),
            body: request.body)
        #expect(!session.mayShow(push))
        var bare = push
        bare.contentType = nil
        #expect(!session.mayShow(bare))
        var plate = push
        plate.contentType = "application/json"
        plate.body = try Capture("complete-example", of: .vzenith).request().body
        #expect(session.mayShow(plate))
    }

    @Test func `other pushes are told apart`() throws {
        #expect(try event("clone-heartbeat").content == .heartbeat(isJSON: true))
        #expect(try event("contact").content == .input(source: 0, value: 1))
        guard case .serial(0, let bytes) = try event("serial-data").content else {
            Issue.record("no bytes")
            return
        }
        #expect(bytes.count == 17 && bytes.prefix(4) == [0x00, 0x64, 0xFF, 0xFF])
        #expect(try event("picture-taken").content == .other(type: "TriggerImage"))
    }

    @Test(arguments: [64, 65, 66])
    func `who lingers or turns back does not arrive`(trigger: Int) throws {
        let text =
            #"{"AlarmInfoPlate":{"result":{"PlateResult":{"license":"沪A2K605","triggerType":\#(trigger),"#
            + #""plateid":9}}}}"#
        let event = try VzenithPlateWire.decode(contentType: nil, body: Array(text.utf8))
        #expect(event.content == .trigger(Int64(trigger)) && event.plateID == 9)
    }

    @Test(arguments: [0, 1, 2, 4, 8, 9, 15])
    func `any mix of trigger bits is an arrival`(trigger: Int) throws {
        #expect(try observation(#""license":"沪A2K605","triggerType":\#(trigger)"#).raw == "沪A2K605")
    }

    @Test func `H-22 a stored record is not live and the camera's own opening is told`() throws {
        #expect(try !plate("offline-record").observation.isLive)
        #expect(try plate("clone-new-energy").observation.openedByCamera)
        #expect(try !observation(#""gioouts":[{"ctrltype":1,"ionum":"0"}]"#).openedByCamera)
    }

    @Test(arguments: [
        (7, PlateKind.personalised, PlateKind.armedPolice), (10, .embassy, .personalised),
        (11, .hkMacau, .nevSmall), (12, .agricultural, .nevLarge), (13, .learner, .embassy),
        (14, .hkMacau, .consulate), (15, .armedPolice, .civilAviation), (16, .armedPolice, .emergency),
        (19, .nevSmall, .other), (20, .nevLarge, .other), (21, .emergency, .other), (22, .consulate, .other),
        (1, .smallCivil, .smallCivil), (4, .largeCivil, .largeCivil), (5, .police, .police),
        (9, .military, .military), (0, .unknown, .unknown), (99, .other, .other),
    ])
    func `numbers of kinds are read by make`(number: Int, vzenith: PlateKind, clone: PlateKind) throws {
        let members = #""license":"沪A2K605","type":\#(number)"#
        let theirs = members + #","realplate":"""#
        #expect(try observation(members).declaredKind == vzenith)
        #expect(try observation(theirs).declaredKind == clone)
        #expect(try observation(theirs, VzenithDialect(make: .vzenith)).declaredKind == vzenith)
        #expect(try observation(members, VzenithDialect(make: .qianyi)).declaredKind == clone)
        #expect(try observation(members).typeCode == "\(number)")
    }

    @Test func `eight characters of type 11 can only be new energy`() throws {
        #expect(try observation(#""license":"沪AD08315","type":11"#).declaredKind == .nevSmall)
        #expect(try observation(#""license":"粤Z1234港","type":11"#).declaredKind == .hkMacau)
    }

    @Test func `a clone's example is read by its own numbers, and its milliseconds are no seconds`() throws {
        let observation = try plate("clone-new-energy").observation
        #expect(observation.declaredKind == .nevSmall && observation.color == .green)
        #expect(observation.capturedAt == WallTime(milliseconds: 1_772_411_415_482))
        #expect(observation.duplicateKey == "8c1f20a4-5b07d3e9|77|1772411415")
    }

    @Test(arguments: [
        (4, 4, ObservedDirection.approach), (3, 4, .leave), (1, 4, .unknown), (0, 4, .unknown),
        (3, 3, .approach), (4, 3, .leave), (1, 2, .leave), (4, 0, .unknown),
    ])
    func `which motion is towards the lens is a setting`(
        number: Int, approach: Int, direction: ObservedDirection
    ) throws {
        let seen = try observation(#""direction":\#(number)"#, VzenithDialect(approach: approach))
        #expect(seen.direction == direction)
    }

    @Test func `a member of another type is missing and the event is not`() throws {
        let odd = try observation(
            #""license":"沪A2K605","confidence":"97","plateid":{},"type":1.0,"colorType":null,"imageFile":7,"#
                + #""imageFragmentFile":"%%%","gioouts":{},"timeStamp":{"Timeval":{"sec":"x"}},"isoffline":"1""#
        )
        #expect(odd.confidence == 97 && odd.declaredKind == .smallCivil && odd.color == .unknown)
        #expect(odd.images == [] && odd.capturedAt == nil && odd.duplicateKey == nil)
        #expect(!odd.isLive)
        #expect(try observation(#""confidence":1e99"#).confidence == nil)
        #expect(try observation(#""confidence":250"#).confidence == 100)
    }

    @Test(arguments: ["-5", "0", "7258118400", "99999999999", "9223372036854775807", "1e30"])
    func `a stamp outside of this century and the next is none`(seconds: String) throws {
        let seen = try observation(#""timeStamp":{"Timeval":{"sec":\#(seconds),"usec":5}}"#)
        #expect(seen.capturedAt == nil)
    }

    @Test func `a suspected paper plate is on record with its number`() throws {
        #expect(try observation(#""license":"沪A2K605","type":1,"is_fake_plate":1"#).typeCode == "1 fake")
    }

    @Test
    func `a text cut off in its brackets is repaired where the site says so, one cut off elsewhere never`()
        throws
    {
        let body = try Capture("clone-new-energy", of: .vzenith).request().body
        let repairs = VzenithDialect(repairsTruncation: true)
        let whole = try VzenithPlateWire.decode(contentType: nil, body: body)
        for cut in 1...4 {
            let short = Array(body.dropLast(cut))
            #expect(throws: WireError.self) { try VzenithPlateWire.decode(contentType: nil, body: short) }
            #expect(try VzenithPlateWire.decode(contentType: nil, body: short, repairs) == whole, "\(cut)")
        }
        let inString = Array(#"{"AlarmInfoPlate":{"serialno":"8c1"#.utf8)
        #expect(throws: WireError.self) {
            try VzenithPlateWire.decode(contentType: nil, body: inString, repairs)
        }
    }

    @Test func `H-42 depth is bounded and mistakes are named where they are`() {
        func error(_ text: String) -> WireError? {
            #expect(throws: WireError.self) {
                try VzenithPlateWire.decode(contentType: nil, body: Array(text.utf8))
            }
        }
        #expect(error(String(repeating: "[", count: 10_000))?.expected.contains("32 levels") == true)
        #expect(error("{\"a\":1")?.expected == "}")
        #expect(error("{\"a\":1")?.offset == 6)
        #expect(error("{\"a\":]")?.offset == 5)
        #expect(error("[1]")?.expected == "a JSON object")
        #expect(error("")?.expected == "JSON in UTF-8")
        #expect(error(#"{"AlarmInfoPlate":{}}"#)?.expected == "AlarmInfoPlate.result.PlateResult")
    }
}
