// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// Chinese with English beside it.
struct Term: Hashable, Sendable {
    var zh: String
    var en: String

    init(_ zh: String, _ en: String) {
        self.zh = zh
        self.en = en
    }

    var both: String { "\(zh) · \(en)" }
    var html: HTML { "\(zh) <span class=\"en\" lang=\"en\">\(en)</span>" }
}

/// What the pages say for the words of the protocol. A word that is not known stands as it came.
enum Words {
    static let forged = Term("页面已过期，请刷新后再试", "This page is out of date: load it again")
    static let tooOld = Term("页面停留过久，请刷新后再试", "This page stood too long: load it again")
    static let tooMany = Term("操作过于频繁，请稍后再试", "Too many orders: wait a little")
    static let notHeard = Term("网关没有回应", "The gateway does not answer")

    static func kind(_ word: String) -> Term {
        switch word {
        case "entry": Term("入口", "entry")
        case "exit": Term("出口", "exit")
        case "two_way": Term("双向", "two-way")
        case "turnstile": Term("人行闸机", "turnstile")
        case "door": Term("门", "door")
        default: Term(word, word)
        }
    }

    /// Of a lane, a turnstile or a door.
    static func phase(_ word: String) -> Term {
        switch word {
        case "starting": Term("启动中", "starting")
        case "clear": Term("空闲", "clear")
        case "present": Term("有车", "vehicle")
        case "waiting": Term("等待处理", "waiting")
        case "refused": Term("已拒绝", "refused")
        case "held_closed": Term("锁定关闭", "held closed")
        case "opening": Term("开闸中", "opening")
        case "open": Term("已开", "open")
        case "passing": Term("通行中", "passing")
        case "clearing": Term("驶离中", "clearing")
        case "closing": Term("落杆中", "closing")
        case "held_open": Term("锁定常开", "held open")
        case "fire": Term("消防开放", "fire release")
        case "fault_arm": Term("故障：杆不动", "fault: arm")
        case "fault_down": Term("故障：落不下", "fault: does not close")
        case "fault_lost": Term("故障：断杆", "fault: arm lost")
        case "fault_safety": Term("故障：防砸信号", "fault: safety")
        case "fault_output": Term("故障：控制板", "fault: output")
        case "locked", "secured": Term("锁闭", "locked")
        case "released in", "released out", "unlocked": Term("已放行", "released")
        case "free": Term("常开", "free")
        case "blocked": Term("受阻", "blocked")
        case "held": Term("开启过久", "held open")
        case "forced": Term("强行闯入", "forced")
        case "fault": Term("故障", "fault")
        default: Term(word, word)
        }
    }

    static func arm(_ word: String) -> Term {
        switch word {
        case "up": Term("杆起", "arm up")
        case "down": Term("杆落", "arm down")
        case "between": Term("杆在中间", "arm between")
        case "assumed up": Term("杆起(推定)", "arm assumed up")
        case "assumed down": Term("杆落(推定)", "arm assumed down")
        case "unknown", "assumed unknown": Term("杆位不明", "arm unknown")
        default: Term("杆 \(word)", "arm \(word)")
        }
    }

    static func input(_ word: String) -> Term {
        switch word {
        case "presence": Term("到位", "presence")
        case "safety", "safety2", "safety3", "safety4": Term("防砸", word)
        case "clear": Term("离开", "clear")
        case "limit_up": Term("上限", "up")
        case "limit_down": Term("下限", "down")
        case "guard_button": Term("按钮", "button")
        case "boom_break": Term("断杆", "boom")
        case "help_key": Term("求助", "help")
        default: Term(word, word)
        }
    }

    static func reason(_ code: String) -> Term {
        ReasonCode(rawValue: code).map(reason) ?? Term(code, code)
    }

    static func reason(_ code: ReasonCode) -> Term {
        switch code {
        case .granted: Term("放行", "granted")
        case .allowlisted: Term("白名单", "on the allow list")
        case .freePassage: Term("免费通行时段", "free passage")
        case .exitAlways: Term("出口放行", "exits are free")
        case .emergency: Term("特种车辆", "emergency vehicle")
        case .fireRelease: Term("消防开放", "fire release")
        case .operatorOpen: Term("人工开闸", "opened by a person")
        case .temporaryVehicle: Term("临时车", "temporary vehicle")
        case .permitVehicle: Term("登记车辆", "permit")
        case .permitGrace: Term("登记宽限期", "permit in grace")
        case .visitorPass: Term("访客", "visitor's pass")
        case .quotaAsTemporary: Term("车位已满，按临时车", "quota full, as temporary")
        case .paid: Term("已缴费", "paid")
        case .zeroDue: Term("无需缴费", "nothing due")
        case .debtRelease: Term("欠费放行", "released with debt")
        case .offlinePolicy: Term("离线策略", "offline policy")
        case .credentialUnknown: Term("未登记", "unknown")
        case .credentialUnreadable: Term("无法识别", "not readable")
        case .credentialExpired: Term("已过期", "expired")
        case .blocklisted: Term("黑名单", "on the block list")
        case .subjectNotValid: Term("登记失效", "not valid")
        case .noGrant: Term("无通行权限", "no right here")
        case .outOfSchedule: Term("不在允许时段", "outside its hours")
        case .countExhausted: Term("访客次数已用完", "visitor's entries used up")
        case .areaFull: Term("车位已满", "full")
        case .quotaFull: Term("本户车位已满", "household's places are full")
        case .vehicleClassBanned: Term("车型禁止", "kind of vehicle not allowed")
        case .arrears: Term("欠费", "in arrears")
        case .duplicateEntry: Term("同牌车已在场内", "this plate is inside already")
        case .laneOutOfService: Term("车道停用", "lane out of service")
        case .operatorRefused: Term("人工拒绝", "refused by a person")
        case .holdTimeout: Term("等待超时", "waited too long")
        case .paymentDue: Term("待缴费", "payment due")
        case .interlockWait: Term("等待互锁车道", "waits for the other lane")
        case .opposingUse: Term("对向来车", "oncoming vehicle")
        case .confirmNeeded: Term("需要人工确认", "a person must confirm")
        case .noEntryRecord: Term("无入场记录", "no entry record")
        case .review: Term("待核查", "under review")
        }
    }

    static func operatorReason(_ reason: OperatorReason) -> Term {
        switch reason {
        case .equipmentFault: Term("设备故障", "equipment fault")
        case .readError: Term("识别错误", "read error")
        case .emergency: Term("紧急情况", "emergency")
        case .policeRequest: Term("警方要求", "police request")
        case .residentVerified: Term("已核实住户", "resident verified")
        case .visitorVerified: Term("已核实访客", "visitor verified")
        case .dispute: Term("纠纷", "dispute")
        case .goodwill: Term("人情放行", "goodwill")
        case .congestionRelease: Term("拥堵疏导", "congestion")
        case .moveGoods: Term("搬运货物", "moving goods")
        case .test: Term("测试", "test")
        case .other: Term("其他(须填说明)", "other (say what)")
        }
    }

    static func order(_ order: OfferedOrder) -> Term {
        switch order {
        case .confirm: Term("放行此车", "Let it pass")
        case .refuse: Term("拒绝此车", "Refuse it")
        case .open: Term("开闸", "Open")
        case .close: Term("落杆", "Close")
        case .emergency: Term("紧急常开", "Emergency open")
        }
    }

    static func severity(_ severity: FaultSeverity) -> Term {
        switch severity {
        case .critical: Term("严重", "critical")
        case .warning: Term("警告", "warning")
        default: Term("提示", severity.rawValue)
        }
    }

    /// `device relays-north`, `lane north`.
    static func subject(_ text: String) -> Term {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return Term(text, text) }
        switch parts[0] {
        case "device": return Term("设备 \(parts[1])", "device")
        case "lane": return Term("车道 \(parts[1])", "lane")
        default: return Term(text, text)
        }
    }

    static func fault(_ code: String) -> Term {
        if let code = LaneFaultCode(rawValue: code) { return fault(code) }
        let zh: String? =
            switch code {
            case "line_lost": "线路断开"
            case "relay_silent": "控制板无应答"
            case "relay_garbled": "控制板数据错乱"
            case "relay_unplugged": "控制板未接"
            case "relay_stuck": "继电器粘连"
            case "relay_refuses": "控制板拒绝指令"
            case "display_silent": "显示屏无应答"
            case "camera_wrong_clock": "相机时钟不准"
            case "camera_wrong_zone": "相机时区错误"
            case "pictures_not_stored": "图片未保存"
            case "unavailable": "记录无法写入"
            default: nil
            }
        return Term(zh ?? code, code)
    }

    static func fault(_ code: LaneFaultCode) -> Term {
        let zh =
            switch code {
            case .armStuck: "杆不动"
            case .armDoesNotClose: "杆落不下"
            case .armLost: "断杆"
            case .safetyUnknown: "防砸信号不明"
            case .safetySuspect: "防砸信号可疑"
            case .outputFailed: "输出失效"
            case .outputStuck: "输出粘连"
            case .cameraLost: "相机失联"
            case .presenceUnknown: "到位信号不明"
            case .presenceStuck: "到位信号不变"
            case .limitUnknown: "限位信号不明"
            case .limitsContradict: "限位信号矛盾"
            case .guardButtonStuck: "按钮卡住"
            case .holdOpenBroken: "常开中断"
            case .safetyMissed: "防砸漏检"
            case .fireUnknown: "消防信号不明"
            case .readerLost: "读卡器失联"
            case .passageUnknown: "通行信号不明"
            case .passageStuck: "通行信号不变"
            case .exitButtonUnknown: "出门按钮信号不明"
            case .doorContactUnknown: "门磁信号不明"
            }
        return Term(zh, code.rawValue)
    }

    static func certainty(_ word: String) -> Term? {
        switch word {
        case "confirmed": nil
        case "single": Term("单线圈", "one loop")
        case "assumed": Term("推定", "assumed")
        default: Term(word, word)
        }
    }

    static func cause(_ word: String) -> Term? {
        switch word {
        case "granted": nil
        case "ungranted": Term("未放行通过", "without grant")
        case "manual": Term("人工", "manual")
        case "held", "free": Term("常开", "held open")
        case "convoy": Term("跟车", "followed")
        case "fire": Term("消防", "fire")
        case "resumed": Term("重启前", "before a restart")
        case "unidentified", "unattributed": Term("车牌不明", "unidentified")
        default: Term(word, word)
        }
    }

    static func stayState(_ state: Stay.State) -> Term {
        switch state {
        case .open: Term("在场", "inside")
        case .closed: Term("已离场", "left")
        case .suspectedLeft: Term("疑似跟车离场", "left behind another?")
        case .review: Term("待核查", "review")
        case .releasedByHand: Term("人工结束", "ended by hand")
        case .missedExit: Term("漏记出场", "missed exit")
        case .cancelled: Term("已取消", "cancelled")
        }
    }

    /// What the daemon says when it refuses an order.
    static func failure(_ failure: DiagnosticProtocol.Failure) -> String {
        let zh =
            switch failure.code {
            case "refused": "未执行"
            case "not_allowed": "无权执行"
            case "not_found": "找不到"
            case "busy": "系统忙，请再试"
            case "store": "记录未写入，不知是否执行，请查看"
            case "bad_request": "填写有误"
            default: "出错"
            }
        return "\(zh) · \(failure.message)" + (failure.hint.map { " (\($0))" } ?? "")
    }
}
