// SPDX-License-Identifier: Apache-2.0

import Crypto
import GatehouseCore
import GatehouseDrivers
import GatehouseWire
import Testing

@Suite struct HikvisionPlateWireTests {
    private func event(_ name: String) throws -> HikvisionEvent {
        let request = try HTTPRequest(Capture(name).bytes)
        return try HikvisionPlateWire.decode(
            contentType: request.headers.first(named: "content-type"), body: request.body)
    }

    private func plate(_ name: String) throws -> HikvisionPlate {
        guard case .plate(let plate) = try event(name).content else {
            throw WireError(expected: "a plate", found: "something else", offset: 0)
        }
        return plate
    }

    @Test func `the complete example is the document's 2669 bytes`() throws {
        let body = try HTTPRequest(Capture("complete-example").bytes).body
        #expect(body.count == 2669)
        let digest = SHA256.hash(data: body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(digest.joined() == "2ce7d6c79782fa7df1159859f3bb6d1361046d634e303fe04470dbd909101c20")
    }

    @Test func `the complete example says what the document expects`() throws {
        let event = try event("complete-example")
        let plate = try plate("complete-example")
        let observation = plate.observation
        #expect(observation.raw == "蓝沪A2K605")
        #expect(observation.color == .blue)
        #expect(observation.declaredKind == .smallCivil)
        #expect(observation.confidence == 97)
        #expect(observation.direction == .approach)
        #expect(observation.isLive)
        #expect(!observation.openedByCamera)
        #expect(observation.duplicateKey == "0b1f6c52-7e0a-4c8e-9d35-a4d5c2103e7f")
        // 1772411415.482 s: the example's clock.
        #expect(observation.capturedAt == WallTime(milliseconds: 1_772_411_415_482))
        #expect(event.at?.text == "2026-03-02T08:30:15.482+08:00")
        #expect(event.device.address == "192.168.10.64")
        #expect(event.device.id == "a4:d5:c2:10:3e:7f")
        #expect(observation.images.map(\.role) == ["plate", "overview"])
        #expect(observation.images.map(\.bytes) == [0, 4])
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(observation.images[0].sha256 == empty)
        let body = try HTTPRequest(Capture("complete-example").bytes).body
        #expect(plate.pictures.map { Array(body[$0]) } == [[], [0xFF, 0xD8, 0xFF, 0xD9]])
        #expect(plate.channel == 1)
        #expect(observation.original == nil)
        #expect(observation.typeCode == "92TypeCivil")
    }

    @Test func `a document alone is an event without pictures`() throws {
        let plate = try plate("plain-xml")
        #expect(plate.observation.raw == "蓝沪A2K605")
        #expect(plate.observation.images == [])
    }

    @Test func `both kinds of heartbeat are heartbeats`() throws {
        #expect(try event("heartbeat").content == .heartbeat)
        #expect(try event("heartbeat-videoloss").content == .heartbeat)
        #expect(try event("heartbeat").at?.wall == WallTime(milliseconds: 1_772_411_420_000))
    }

    @Test func `H-22 a resent event is not live`() throws {
        #expect(try !plate("resent").observation.isLive)
    }

    @Test func `no plate stays the maker's word and is live without the optional member`() throws {
        let observation = try plate("no-plate").observation
        #expect(observation.raw == "unknown")
        #expect(observation.color == .unknown)
        #expect(observation.declaredKind == .unknown)
        #expect(observation.isLive)
    }

    @Test func `pictures named by pId get their roles from the list, in any order`() throws {
        let event = try event("pid-named-pictures")
        let observation = try plate("pid-named-pictures").observation
        #expect(observation.images.map(\.role) == ["overview", "plate"])
        #expect(observation.images.map(\.bytes) == [10, 4])
        #expect(observation.raw == "绿沪AD08315")
        #expect(observation.color == .green)
        #expect(observation.declaredKind == .nevSmall)
        #expect(event.device.id == "EXAMPLE0001")
        #expect(event.device.model == "DS-TCG406-E")
    }

    @Test func `the reply is the document's 263 bytes`() {
        #expect(HikvisionPlateWire.reply(to: "/lane/1/hik").count == 263)
        let hostile = String(decoding: HikvisionPlateWire.reply(to: "/<x>&\u{1}沪"), as: UTF8.self)
        #expect(hostile.contains("<requestURL>/&lt;x&gt;&amp;</requestURL>"))
    }

    @Test(arguments: [
        ("92TypeCivil", "blue", PlateKind.smallCivil), ("92TypeCivil", "black", .foreignBlack),
        ("92TypeCivil", "yellow", .largeCivil), ("yellowTwoLine", "yellow", .largeCivil),
        ("arm", "white", .police), ("2012TypeTwoLineArm", "white", .armedPolice),
        ("04NewMilitay", "white", .military), ("newEnergy", "newEnergyYellowGreen", .nevLarge),
        ("newEnergy", "newEnergyGreen", .nevSmall), ("hongKongMacao", "black", .hkMacau),
        ("coach", "yellow", .learner), ("motorola", "yellow", .motorcycle),
        ("tempTravl", "white", .temporary),
        ("somethingNew", "pink", .other),
    ])
    func `the maker's types become canonical kinds`(type: String, color: String, kind: PlateKind) throws {
        let xml = """
            <EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>x</licensePlate>\
            <plateType>\(type)</plateType><plateColor>\(color)</plateColor></ANPR></EventNotificationAlert>
            """
        let event = try HikvisionPlateWire.decode(contentType: nil, body: Array(xml.utf8))
        guard case .plate(let plate) = event.content else {
            Issue.record("no plate")
            return
        }
        #expect(plate.observation.declaredKind == kind)
        #expect(plate.observation.typeCode == type)
    }

    @Test func `what the camera read before its own correction is kept beside what it made of it`() throws {
        let xml = """
            <EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>蓝沪A2K605</licensePlate>\
            <originalLicensePlate>蓝沪A2K6O5</originalLicensePlate></ANPR></EventNotificationAlert>
            """
        let event = try HikvisionPlateWire.decode(contentType: nil, body: Array(xml.utf8))
        guard case .plate(let plate) = event.content else {
            Issue.record("no plate")
            return
        }
        #expect(plate.observation.raw == "蓝沪A2K605" && plate.observation.original == "蓝沪A2K6O5")
    }

    @Test
    func `without a UUID camera, time and text make the key, and a non-zero control type is the camera's`()
        throws
    {
        let xml = """
            <a:EventNotificationAlert><macAddress>m</macAddress><channelID>1</channelID><dateTime>t</dateTime>\
            <eventType>ANPR</eventType><ANPR><licensePlate>P</licensePlate><barrierGateCtrlType>1\
            </barrierGateCtrlType><confidenceLevel>250</confidenceLevel></ANPR></a:EventNotificationAlert>
            """
        let event = try HikvisionPlateWire.decode(contentType: nil, body: Array(xml.utf8))
        guard case .plate(let plate) = event.content else {
            Issue.record("no plate")
            return
        }
        #expect(plate.observation.duplicateKey == "m|1|t|P")
        #expect(plate.observation.openedByCamera)
        #expect(plate.observation.confidence == 100)
        #expect(plate.observation.capturedAt == nil)
    }
}
