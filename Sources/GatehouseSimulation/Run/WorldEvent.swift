// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseDrivers
import GatehouseSync

/// Entries of the agenda. Those of a process carry its incarnation: a dead one's are void.
enum WorldEvent {
    case engineWake(Int, at: Uptime)
    case boardTimer(Int, at: Uptime, Int)
    case boardBytes(Int, [UInt8], Int)
    case look(Int, at: Uptime)
    case displayTimer(Int, at: Uptime, Int)
    case frameForCard(Int, [UInt8], Int)
    case cardAnswers(Int, [UInt8], Int)
    case lineReminder(Int, Int)
    case healSign(FaultKind, Int)
    case connectionBreaks(Int)
    indirect case pushAgain(CameraExchange)
    case pushPatience(UInt64, Int)
    indirect case answerLeaves(Int, PushID, CameraReply, Int)
    case answerSent(Int, PushID, isSent: Bool, Int)
    indirect case answerArrives(Int, CameraReply)
    indirect case push(camera: Int, PlateCameraModel.Request, attempt: Int)
    case cameraTimer(Int, Int)
    case heartbeat(Int)
    case diskEnd(Int)
    case diskRetry(Int)
    case uplinkTime(Int, at: Uptime)
    indirect case uplinkHears(Int, connection: Int, OutboxPump.Event)
    case directoryReady(Int)
    case processStart
    /// The process gets its processor back.
    case resumed
    indirect case driverPays(PaymentPlatform.Bill, isLate: Bool)
    /// Inside, before setting off.
    case driverAsks(Int)
    case platformTells(String)
    case platformCancels(String)
    case platformContradicts(String)
    /// `stay`: whose driver came to the desk by himself.
    case guardActs(gate: Int, DeskAct, stay: Int64?)
    case powerFails
    indirect case driverShowsCode(PaymentPlatform.Bill)
    indirect case providerHears(CollectionRequest)
    case userConfirms(Int64)
    case provider(isAway: Bool)
    case customer
    case merchantGives(Plate)
    case couponAgain(String)
    case couponRevoked(String)
    case topUp(Plate)
    case emptyBalance(StoredHolder, Money?)
    indirect case calledOff(Permit)
    /// Close behind the one that just set off.
    case tailgater(Int)
    case shift(isEnd: Bool)
    case dayEnds
    case link(isUp: Bool)
    case car(Int, intent: Int)
    case trip(Int)
    case visitor
    case capture(car: Int, gate: Int, extra: Bool)
    case walk(Int)
    case walker(Int, intent: Int)
    case readerSends(Int)
    case leafShuts(Int)
    case healWay(FaultKind, Int)
    case fault(FaultKind)
    case heal(FaultKind, gate: Int)
    case buttonReleased(Int)
    case resetReleased
    case order(LaneID, LaneOrder.Action, isOnSite: Bool)
    case tidy(Int)
    case probe(Int)
    case checkProbe(Int, TravelDirection)
    case scene(Int)
}
