// SPDX-License-Identifier: Apache-2.0

/// One record as one line of at most 100 columns, for `gatehouse watch` and the simulator's transcript:
/// ```
///       7 07:31:05.123 north    GRANT 京AD12345  PERMIT_VEHICLE, rule 18, permit 3
/// number  time         lane     what  plate      text
/// ```
/// The number is what `gatehouse explain` takes. Columns never move; text that does not fit is cut.
package enum WatchLine {
    package static let width = 100
    private static let laneWidth = 8
    private static let tagWidth = 5
    private static let plateWidth = 10
    private static let numberWidth = 7

    package static func text(_ record: StoredRecord, zone: ZoneRules) -> String {
        let fields = record.payload.flatMap { try? Fields($0) } ?? Fields(members: [])
        let text = record.payload == nil ? "(content deleted)" : RecordText.sentence(record.kind, fields)
        return columns(
            number: String(record.sequence.number), time: clock(record.at.wall, zone), lane: lane(fields),
            tag: tag(record.kind, fields), plate: plate(record.kind, fields), text: text)
    }

    /// The columns alone, for what is no record: the simulator's world writes itself between the records.
    package static func columns(
        number: String = "", time: String, lane: String = "", tag: String, plate: String = "", text: String
    ) -> String {
        let head = [
            String(repeating: " ", count: max(0, numberWidth - number.count)) + number,
            time,
            DisplayWidth.fit(lane, to: laneWidth),
            DisplayWidth.fit(tag, to: tagWidth),
            DisplayWidth.fit(plate, to: plateWidth),
        ].joined(separator: " ")
        let line = DisplayWidth.cut("\(head) \(text)", to: width)
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// The words over the columns.
    package static let heading = " record time         lane     what  plate      "

    /// `07:31:05.123`.
    package static func clock(_ wall: WallTime, _ zone: ZoneRules) -> String {
        let second = zone.civil(wall).secondOfDay
        let milli = Int(wall.milliseconds - wall.milliseconds.floorDivided(by: 1000) * 1000)
        return "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            + ".\(padded(milli, 3))"
    }

    private static func lane(_ fields: Fields) -> String {
        if let lane = fields.text("lane") { return lane }
        guard let subject = fields.text("subject") else { return "" }
        return subject.split(separator: " ").last.map { String($0) } ?? ""
    }

    private static func plate(_ kind: String, _ fields: Fields) -> String {
        if let plate = fields.text("plate") { return plate }
        if let card = fields.text("card") { return Card(card)?.masked ?? card }
        if let reading = try? fields.objectIfPresent("reading") { return reading.text("plate") ?? "" }
        return kind == "plateRead" ? "(none)" : ""
    }

    /// Five columns that say what kind of thing happened.
    private static func tag(_ kind: String, _ fields: Fields) -> String {
        switch kind {
        case "plateRead", "cardRead", "duplicateRead", "lateRead", "readWithoutVehicle", "noPlate",
            "codeIgnored":
            "READ"
        case "accessGranted": "GRANT"
        case "accessDenied": "DENY"
        case "accessHeld": "WAIT"
        case "barrierCommanded": "CMD"
        case "commandPerformed": fields.text("outcome") == "confirmed" ? "DONE" : "CMD?"
        case "passageCompleted": "PASS"
        case "passageReverse": "BACK"
        case "stayOpened", "stayClosed", "stayMarked", "stayCorrected", "stayMatched", "stayClaimed",
            "stayImported", "unmatchedExit", "areaRecounted", "countUnderflow":
            "STAY"
        case _ where MoneyFact.kinds.contains(kind): "MONEY"
        case "permitSet", "permitEnded", "householdSet", "householdRemoved", "listEntrySet", "listEntryEnded":
            "BOOK"
        case "faultRaised": "FAULT"
        case "faultCleared": "OK"
        case "armUp", "armDown", "retried", "closeSuppressed", "closeAborted": "ARM"
        case "manualOpen", "manualRefusal", "manualClose", "exitButton", "orderRefused", "holdStarted",
            "holdEnded", "seenEmpty":
            "HAND"
        case "emergency", "fireReleaseStarted", "fireReleaseEnded", "drillStarted", "drillEnded": "FREE"
        case "processStarted", "processStopped", "planLoaded", "clockStepped", "sealed", "payloadsDeleted",
            "imagesDeleted", "recordSetAside", "replayOrdered", "clockSetOrdered", "ledgerKeyBegun",
            "ledgerKeyRotated", "ledgerKeyLost":
            "SYS"
        case "storeUnavailable", "storeRestored", "actedBeforeDurable": "STORE"
        case "tailgated", "armMovedUncommanded", "armDownOnOccupied", "armLost", "armStuck",
            "vehicleUnderArm",
            "wrongWayApproach", "safetyMissed", "laneBlocked", "emergencyUnanswered", "heldTooLong",
            "commandFailed", "armLeftOpen", "zoneOccupied", "forcedOpen", "heldOpen", "intrusion",
            "personTrapped",
            "tampered":
            "ALERT"
        default: "note"
        }
    }
}
