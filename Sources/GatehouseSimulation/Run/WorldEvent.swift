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
    case pushAgain(CameraExchange)
    case pushPatience(UInt64, Int)
    case answerLeaves(Int, PushID, CameraReply, Int)
    case answerSent(Int, PushID, isSent: Bool, Int)
    case answerArrives(Int, CameraReply)
    case push(camera: Int, PlateCameraModel.Request, attempt: Int)
    case cameraTimer(Int, Int)
    case heartbeat(Int)
    case diskEnd(Int)
    case diskRetry(Int)
    case uplinkTime(Int, at: Uptime)
    case uplinkHears(Int, connection: Int, OutboxPump.Event)
    case directoryReady(Int)
    case processStart
    /// The process gets its processor back.
    case resumed
    case driverPays(PaymentPlatform.Bill, isLate: Bool)
    /// Inside, before setting off.
    case driverAsks(Int)
    case platformTells(String)
    case platformCancels(String)
    case platformContradicts(String)
    case guardActs(gate: Int, DeskAct)
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
