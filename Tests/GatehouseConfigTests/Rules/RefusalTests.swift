// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import GatehouseCore
import Testing

/// Every refusal of lanes.md §1.2 and §1.3: one change to a sound plan gives exactly one error.
struct RefusalTests {
    private let confirmed = "{confirmed_by: Li Wei, date: 2026-03-02}"

    /// A gateway that closes, as it should be.
    private func closing(_ changes: [String: String?] = [:]) -> [String: String?] {
        var lane: [String: String?] = [
            "closing": "gateway", "close": "relays.out2", "anti_crush": confirmed,
            "controller": "{automatic_closing: false}",
        ]
        lane.merge(changes) { $1 }
        return lane
    }

    @Test func `the sound plan of these tests has neither errors nor warnings`() {
        let result = TestSites.read(TestSites.site())
        #expect(result.issues.map(\.text) == [])
        #expect(result.plan != nil)
        #expect(TestSites.read(TestSites.site(north: closing())).issues.map(\.text) == [])
    }

    @Test func `H-01 refusal 1: a close contact without any safety sensor is refused`() {
        let result = TestSites.read(
            TestSites.site(north: ["close": "relays.out2", "safety": nil, "anti_crush": confirmed]))
        #expect(result.isRefused(at: "lanes.north.close", "H-01"), "\(result.errors)")
    }

    @Test func `H-11 refusal 1: a safety sensor on a camera's contact is not fresh enough to close by`() {
        let safety = "{input: cam.in1, contact: normally_closed}"
        let result = TestSites.read(TestSites.site(north: closing(["safety": safety])))
        #expect(result.isRefused(at: "lanes.north.safety", "H-11"), "\(result.errors)")
        let both =
            "[{input: cam.in1, contact: normally_closed}, {input: relays.in2, contact: normally_closed}]"
        #expect(TestSites.read(TestSites.site(north: closing(["safety": both]))).plan != nil)
    }

    @Test func `H-11 refusal 1: a safety sensor behind a wireless link is not fresh enough to close by`() {
        let result = TestSites.read(TestSites.site(north: closing(), relays: ", link: wireless"))
        #expect(result.isRefused(at: "lanes.north.safety", "H-11"), "\(result.errors)")
    }

    @Test func `H-12 refusal 2: gateway closing with a controller that closes by itself is refused`() {
        let result = TestSites.read(TestSites.site(north: closing(["controller": "plain-barrier"])))
        #expect(result.isRefused(at: "lanes.north.closing", "H-12"), "\(result.errors)")
        let off = "{profile: plain-barrier, automatic_closing: false}"
        #expect(TestSites.read(TestSites.site(north: closing(["controller": off]))).plan != nil)
    }

    @Test func `H-12 refusal 2: two lanes on one output are refused`() {
        let result = TestSites.read(TestSites.site(south: ["open": "relays.out1"]))
        #expect(result.isRefused(at: "lanes.south.open", "lanes.north.open"), "\(result.errors)")
    }

    @Test func `H-12 refusal 2: a lane and a camera's own list on one output are refused`() {
        let result = TestSites.read(
            TestSites.site(north: ["open": "cam.out1"], camera: ", own_list_opens: out1"))
        #expect(result.isRefused(at: "lanes.north.open", "devices.cam.own_list_opens"), "\(result.errors)")
    }

    @Test func `H-12 an arm that nobody or two would lower is refused`() {
        let nobody = TestSites.read(TestSites.site(north: ["controller": "{automatic_closing: false}"]))
        #expect(nobody.isRefused(at: "lanes.north.closing", "nobody would lower"), "\(nobody.errors)")
        let two = TestSites.read(TestSites.site(north: ["closing": "guard", "controller": "plain-barrier"]))
        #expect(two.isRefused(at: "lanes.north.closing", "H-12"), "\(two.errors)")
    }

    @Test func `H-01 refusal 3: gateway closing without confirmed anti-crush is refused`() {
        let result = TestSites.read(TestSites.site(north: closing(["anti_crush": nil])))
        #expect(result.isRefused(at: "lanes.north.closing", "anti_crush"), "\(result.errors)")
    }

    @Test func `H-17 refusal 4: one input in two roles is refused`() {
        let result = TestSites.read(TestSites.site(north: ["limit_up": "relays.in1"]))
        #expect(
            result.isRefused(at: "lanes.north.presence", "lanes.north.limit_up")
                || result.isRefused(at: "lanes.north.limit_up", "lanes.north.presence"), "\(result.errors)")
    }

    @Test func `H-12 refusal 4: open and close on one output are refused`() {
        let result = TestSites.read(TestSites.site(north: closing(["close": "relays.out1"])))
        #expect(result.isRefused(at: "lanes.north.close", "lanes.north.open"), "\(result.errors)")
    }

    @Test(arguments: ["presence", "safety", "clear"])
    func `H-33 refusal 5: a two-way lane without all three sensors is refused`(missing: String) {
        let camera = "{device: cam, direction: in}"
        let whole: [String: String?] = ["kind": "two_way", "camera": camera]
        #expect(TestSites.read(TestSites.site(north: whole)).plan != nil)
        let result = TestSites.read(TestSites.site(north: whole.merging([missing: nil]) { $1 }))
        #expect(result.isRefused(at: "lanes.north.kind", missing), "\(result.errors)")
    }

    @Test func `H-33 refusal 5: an interlocked lane without the down limit is refused`() {
        let result = TestSites.read(
            TestSites.site(north: ["interlock": "yard", "limit_down": nil], south: ["interlock": "yard"]))
        #expect(result.isRefused(at: "lanes.north.interlock", "limit_down"), "\(result.errors)")
        let both = TestSites.read(TestSites.site(north: ["interlock": "yard"], south: ["interlock": "yard"]))
        #expect(both.plan?.lanes.map(\.interlockSet) == [0, 0])
    }

    @Test func `H-30 refusal 5: an airlock without a sensor between its arms is refused`() {
        let lanes = (["interlock": "yard"] as [String: String?])
        let without = TestSites.read(
            TestSites.site(north: lanes, south: lanes, extra: "interlocks: {yard: {airlock: true}}"))
        #expect(without.isRefused(at: "interlocks.yard", "between"), "\(without.errors)")
        let wrong = TestSites.read(
            TestSites.site(
                north: lanes.merging(["clear": nil]) { $1 }, south: lanes,
                extra: "interlocks: {yard: {airlock: true, between: north.clear}}"))
        #expect(wrong.isRefused(at: "interlocks.yard.between", "north.clear"), "\(wrong.errors)")
        let right = TestSites.read(
            TestSites.site(
                north: lanes, south: lanes, extra: "interlocks: {yard: {airlock: true, between: north.clear}}"
            ))
        #expect(
            right.plan?.airlocks == [AirlockPlan(interlockSet: 0, lane: LaneID(0), sensor: .clear)],
            "\(right.errors)")
        let unread = TestSites.read(
            TestSites.site(north: lanes, south: lanes, extra: "interlocks: {yard: {between: north.clear}}"))
        #expect(unread.isRefused(at: "interlocks.yard.between", "airlock"), "\(unread.errors)")
    }

    @Test(arguments: ["help_wait: 90 s", "dir_wait_max: 30 s", "dir_fair: 2"])
    func `a timer that nothing reads is refused`(timer: String) {
        let key = timer.split(separator: ":").first.map(String.init) ?? ""
        let result = TestSites.read(TestSites.site(north: ["timers": "{\(timer)}"]))
        #expect(result.isRefused(at: "lanes.north.timers.\(key)", "nothing reads"), "\(result.errors)")
    }

    @Test func `H-29 a help key is wired by its own name`() {
        let result = TestSites.read(
            TestSites.site(north: ["help_key": "relays.in8", "timers": "{help_wait: 90 s}"]))
        #expect(result.plan?.lanes.map(\.hasHelpKey) == [true, false], "\(result.errors)")
        #expect(result.plan?.lanes.first?.timers.helpWait == .seconds(90))
    }

    @Test(arguments: ["mixed_use", "motorcycles"])
    func `H-02 refusal 6: riders and walkers under the arm need more than a loop`(key: String) {
        let result = TestSites.read(TestSites.site(north: [key: "true", "warn": "relays.out5"]))
        #expect(result.isRefused(at: "lanes.north.\(key)", "beam"), "\(result.errors)")
        let beam =
            "[{input: relays.in2, contact: normally_closed}, "
            + "{input: relays.in8, contact: normally_closed, sensor: beam}]"
        let whole = TestSites.read(
            TestSites.site(north: [key: "true", "warn": "relays.out5", "safety": beam]))
        #expect(whole.plan?.lanes[0].safety == [.loop, .beam])
    }

    @Test func `H-05 refusal 7: clear_delay below merge_gap is refused`() {
        let result = TestSites.read(
            TestSites.site(north: ["timers": "{clear_delay: 0.5 s, merge_gap: 600 ms}"]))
        #expect(
            result.isRefused(at: "lanes.north.timers.clear_delay", "merge_gap (600 ms)"), "\(result.errors)")
    }

    @Test func `H-03 refusal 7: vanish_delay below five seconds is refused`() {
        let result = TestSites.read(TestSites.site(north: ["timers": "{vanish_delay: 4 s}"]))
        #expect(result.isRefused(at: "lanes.north.timers.vanish_delay", "5 s to 20 s"), "\(result.errors)")
        #expect(result.notices.contains { $0.contains("H-03") })
    }

    @Test func `H-19 refusal 7: a pulse outside the profile is refused`() {
        let board = TestSites.read(
            TestSites.site(extra: "").replacing(
                "more: {profile: board-8x8, at: /dev/b}",
                with:
                    "more: {profile: board-8x8, at: /dev/b}\n  slow: {profile: slow-relay, at: /dev/c}"
            ).replacing("open: more.out1", with: "open: slow.out1"))
        #expect(board.isRefused(at: "lanes.south.open", "1 s to 1 s"), "\(board.errors)")
        let barrier = TestSites.read(
            TestSites.site(north: ["controller": "plain-barrier", "timers": "{open_pulse: 200 ms}"]))
        #expect(barrier.isRefused(at: "lanes.north.timers.open_pulse", "300 ms to 1 s"), "\(barrier.errors)")
        let step = TestSites.read(TestSites.site(north: ["timers": "{open_pulse: 450 ms}"]))
        #expect(step.isRefused(at: "lanes.north.timers.open_pulse", "steps of 100 ms"), "\(step.errors)")
    }

    @Test func `H-21 refusal 7: a retry on a controller that counts openings is refused`() {
        let result = TestSites.read(
            TestSites.site(north: ["controller": "counting-barrier", "timers": "{open_retry: 1}"]))
        #expect(result.isRefused(at: "lanes.north.timers.open_retry", "counts openings"), "\(result.errors)")
        let silent = TestSites.read(TestSites.site(north: ["controller": "counting-barrier"]))
        #expect(silent.plan?.lanes[0].timers.openRetry == 0)
        #expect(silent.plan?.lanes[0].countsOpenings == true)
    }

    @Test func `H-32 refusal 8: a site with an entry and no exit is refused`() {
        let result = TestSites.read(TestSites.site(south: ["kind": "entry"]))
        #expect(result.isRefused(at: "lanes.north.kind", "no exit"), "\(result.errors)")
    }

    @Test func `H-32 refusal 8: a schedule that holds the last exit closed is refused`() {
        let result = TestSites.read(TestSites.site(south: ["hold_closed": "Mon-Fri 22:00-06:00"]))
        #expect(result.isRefused(at: "lanes.south.hold_closed", "last exit"), "\(result.errors)")
    }

    @Test func `H-27 refusal 9: alarm_only is refused at an exit, and at an entry without hard wiring`() {
        let exit = TestSites.read(
            TestSites.site(south: ["fire_unknown": "alarm_only", "fire_hardwired": confirmed]))
        #expect(exit.isRefused(at: "lanes.south.fire_unknown", "H-27"), "\(exit.errors)")
        let entry = TestSites.read(TestSites.site(north: ["fire_unknown": "alarm_only"]))
        #expect(entry.isRefused(at: "lanes.north.fire_unknown", "fire_hardwired"), "\(entry.errors)")
        let right = TestSites.read(
            TestSites.site(north: ["fire_unknown": "alarm_only", "fire_hardwired": confirmed]))
        #expect(right.plan?.lanes.map(\.fireUnknown) == [.alarmOnly, .release])
    }

    @Test func `H-12 refusal 9: linked modes left on are refused`() {
        let result = TestSites.read(TestSites.site(relays: ", linked_modes: true"))
        #expect(result.isRefused(at: "devices.relays", "linked modes"), "\(result.errors)")
    }

    @Test(arguments: ["controller", "guard"])
    func `H-01 a lane without a safety sensor needs somebody who confirmed the controller's own`(
        owner: String
    ) {
        let result = TestSites.read(TestSites.site(north: ["safety": nil, "closing": owner]))
        #expect(result.isRefused(at: "lanes.north.anti_crush", "H-01"), "\(result.errors)")
        let right = TestSites.read(
            TestSites.site(north: ["safety": nil, "closing": owner, "anti_crush": confirmed]))
        #expect(right.plan != nil, "\(right.errors)")
    }

    @Test func `H-01 the gateway never closes a lane without a safety sensor`() {
        let result = TestSites.read(TestSites.site(north: closing(["safety": nil])))
        #expect(result.plan == nil)
        #expect(result.errors.contains { $0.contains("lanes.north.closing: without a safety sensor") })
    }
}
