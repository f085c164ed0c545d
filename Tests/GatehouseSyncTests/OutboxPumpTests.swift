// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseEngine
import GatehouseSync
import Testing

/// A pump with the journal that it reads and a broker that answers when told.
private struct Bench {
    var pump: OutboxPump
    var now = Uptime(nanoseconds: 1_000_000_000_000)
    var last: Int64
    /// Everything that was published, in order, over all connections.
    private(set) var published: [Int64] = []
    private(set) var connects = 0
    private(set) var disconnects = 0
    private(set) var cursors: [Int64] = []
    private(set) var asides: [Int64] = []
    private(set) var raised: [UplinkFault] = []
    private(set) var cleared: [UplinkFault] = []
    private(set) var reads = 0
    private let kind: String
    /// Of another kind.
    var others: (Int64) -> Bool = { _ in false }

    init(
        records: Int64, cursor: Int64 = 0, settings: OutboxPump.Settings = OutboxPump.Settings(),
        kind: String = "plateRead"
    ) {
        self.kind = kind
        last = records
        pump = OutboxPump(settings, cursor: Sequence(cursor), durable: Sequence(records), at: now)
    }

    mutating func send(_ event: OutboxPump.Event) {
        for effect in pump.step(event, at: now) {
            switch effect {
            case .connect: connects += 1
            case .disconnect: disconnects += 1
            case .read(let after, let limit):
                reads += 1
                let numbers = (after.number + 1)..<(min(last, after.number + Int64(limit)) + 1)
                send(.records(numbers.map(record)))
            case .publish(let one): published.append(one.record.sequence.number)
            case .storeCursor(let sequence): cursors.append(sequence.number)
            case .setAside(let sequence, _): asides.append(sequence.number)
            case .raise(let fault, _): raised.append(fault)
            case .clear(let fault): cleared.append(fault)
            }
        }
    }

    func record(_ number: Int64) -> OutboxRecord {
        OutboxRecord(
            record: StoredRecord(
                sequence: Sequence(number), kind: others(number) ? "plateRead" : kind, format: 1,
                at: Moment(uptime: .zero, wall: WallTime(milliseconds: 0)), boot: "b", payload: []),
            salt: [], hash: [])
    }

    mutating func after(_ span: Duration) {
        let end = now + span
        while let due = pump.nextDeadline, due <= end {
            now = max(now, due)
            send(.time)
        }
        now = end
    }

    /// Until it tries to connect once more.
    mutating func retry() {
        let before = connects
        while connects == before, let due = pump.nextDeadline {
            now = max(now, due)
            send(.time)
        }
    }

    mutating func connect(window: Int = 65_535) {
        after(.zero)
        send(.connected(window: window))
    }

    mutating func confirm(_ numbers: ClosedRange<Int64>) {
        for number in numbers { send(.answered(Sequence(number), .accepted)) }
    }
}

@Suite struct OutboxPumpTests {
    @Test func `records go in order, at most a window of them unconfirmed`() {
        var bench = Bench(records: 1000)
        bench.connect()
        #expect(bench.published == Array(1...100))
        bench.confirm(1...49)
        #expect(bench.published.count == 100, "half a window is read at once")
        bench.confirm(50...50)
        #expect(bench.published == Array(1...150))
        for start in stride(from: Int64(51), through: 951, by: 50) { bench.confirm(start...(start + 49)) }
        #expect(bench.published == Array(1...1000))
        #expect(bench.pump.acknowledged == Sequence(1000))
        #expect(bench.reads <= 20)
    }

    @Test func `a broker that takes fewer gets fewer`() {
        var bench = Bench(records: 1000)
        bench.connect(window: 3)
        #expect(bench.published == [1, 2, 3])
    }

    @Test func `a new record goes at once`() {
        var bench = Bench(records: 0)
        bench.connect()
        bench.last = 1
        bench.send(.durable(through: Sequence(1)))
        #expect(bench.published == [1])
    }

    @Test func `the cursor moves over the unbroken prefix only, and is stored seldom`() {
        var bench = Bench(records: 50)
        bench.connect()
        bench.confirm(2...50)
        #expect(bench.pump.acknowledged == Sequence(0))
        bench.after(.seconds(6))
        #expect(bench.cursors == [])
        bench.confirm(1...1)
        #expect(bench.pump.acknowledged == Sequence(50))
        #expect(bench.cursors == [])
        bench.after(.seconds(5))
        #expect(bench.cursors == [50])
        bench.after(.seconds(20))
        #expect(bench.cursors == [50], "one write under way")
        bench.send(.cursorStored(Sequence(50), isDurable: false))
        bench.after(.seconds(5))
        #expect(bench.cursors == [50, 50])
        bench.send(.cursorStored(Sequence(50), isDurable: true))
        bench.after(.seconds(20))
        #expect(bench.cursors == [50, 50])
    }

    @Test func `a long drain stores its cursor once per thousand records`() {
        var bench = Bench(records: 5000)
        bench.connect()
        for start in stride(from: Int64(1), through: 4951, by: 50) {
            bench.confirm(start...(start + 49))
            if let last = bench.cursors.last { bench.send(.cursorStored(Sequence(last), isDurable: true)) }
        }
        #expect(bench.cursors == [1000, 2000, 3000, 4000, 5000])
    }

    @Test func `every connection begins at the cursor and late answers of the one before count for nothing`()
    {
        var bench = Bench(records: 10, cursor: 3)
        bench.connect()
        #expect(bench.published == Array(4...10))
        bench.confirm(4...5)
        bench.send(.ended("cut"))
        bench.confirm(6...6)
        #expect(bench.pump.acknowledged == Sequence(5))
        bench.after(.seconds(2))
        bench.connect()
        #expect(bench.published == Array(4...10) + Array(6...10))
    }

    @Test func `whatever refuses the topic stops it, says so, and is tried again with growing pauses`() {
        var bench = Bench(records: 10)
        bench.connect()
        bench.confirm(1...2)
        bench.send(.answered(Sequence(3), .refused("not authorised")))
        #expect(bench.raised == [.refused] && bench.disconnects == 1)
        let before = bench.connects
        bench.after(.seconds(2))
        #expect(bench.connects == before + 1)
        bench.connect()
        bench.send(.answered(Sequence(3), .refused("not authorised")))
        bench.after(.milliseconds(1900))
        #expect(bench.connects == before + 1, "twice as long")
        bench.after(.seconds(1))
        bench.connect()
        #expect(bench.raised == [.refused], "said once")
        #expect(bench.published.last == 3, "one at a time until one is taken")
        bench.confirm(3...10)
        #expect(bench.cleared == [.refused])
        #expect(bench.pump.acknowledged == Sequence(10))
    }

    @Test(arguments: [false, true]) func `nobody who listens is a fault unless the site accepts it`(
        _ isAccepted: Bool
    ) {
        var settings = OutboxPump.Settings()
        settings.acceptsNoSubscribers = isAccepted
        var bench = Bench(records: 3, settings: settings)
        bench.connect()
        bench.send(.answered(Sequence(1), .noSubscribers))
        #expect(bench.pump.acknowledged == Sequence(isAccepted ? 1 : 0))
        #expect(bench.raised == (isAccepted ? [] : [.noSubscribers]))
    }

    @Test func `a record that is refused alone is passed when that is on record, and not sent again`() {
        var bench = Bench(records: 5)
        bench.connect()
        bench.confirm(1...1)
        bench.send(.answered(Sequence(2), .refusedAlone("too large")))
        bench.confirm(3...5)
        #expect(bench.asides == [2])
        #expect(bench.pump.acknowledged == Sequence(1))
        bench.send(.ended("cut"))
        bench.send(.setAside(Sequence(2), isDurable: true))
        bench.after(.seconds(2))
        bench.connect()
        #expect(bench.published.suffix(3) == [3, 4, 5])
        #expect(bench.pump.acknowledged == Sequence(2))
        bench.confirm(3...5)
        #expect(bench.pump.acknowledged == Sequence(5))
    }

    @Test func `a record whose setting aside cannot be recorded is tried again`() {
        var bench = Bench(records: 1)
        bench.connect()
        bench.send(.answered(Sequence(1), .refusedAlone("too large")))
        bench.send(.setAside(Sequence(1), isDurable: false))
        bench.after(.seconds(2))
        bench.connect()
        #expect(bench.published == [1, 1])
    }

    @Test func `a broker that refuses every record alone is at fault, and the cursor stays`() {
        var bench = Bench(records: 30)
        bench.connect()
        for sequence in 1...30 {
            bench.send(.answered(Sequence(Int64(sequence)), .refusedAlone("too large")))
        }
        #expect(bench.asides == Array(1...10))
        #expect(bench.disconnects == 1)
        #expect(bench.raised.contains(.refused))
        for sequence in 1...10 { bench.send(.setAside(Sequence(Int64(sequence)), isDurable: true)) }
        bench.after(.seconds(2))
        bench.connect()
        bench.send(.answered(Sequence(11), .refusedAlone("too large")))
        #expect(bench.asides == Array(1...10))
        #expect(bench.pump.acknowledged == Sequence(10))
        bench.after(.seconds(5))
        bench.connect()
        bench.confirm(11...11)
        bench.send(.answered(Sequence(12), .refusedAlone("too large")))
        #expect(bench.asides == Array(1...10) + [12])
    }

    @Test func `records that say of others that they were set aside are set aside ten times, not for ever`() {
        var bench = Bench(records: 40, kind: "recordSetAside")
        bench.others = { $0 % 2 == 0 }
        bench.connect()
        // What else there is the broker takes.
        for number: Int64 in 1...40 where bench.disconnects == 0 {
            let isTaken = bench.others(number)
            bench.send(.answered(Sequence(number), isTaken ? .accepted : .refusedAlone("too large")))
            if bench.asides.contains(number) { bench.send(.setAside(Sequence(number), isDurable: true)) }
        }
        #expect(bench.asides == (0..<10).map { 2 * $0 + 1 })
        #expect(bench.pump.acknowledged == Sequence(20))
        #expect(bench.raised.contains(.refused))
        bench.after(.seconds(2))
        bench.connect()
        bench.confirm(21...22)
        bench.send(.answered(Sequence(23), .refusedAlone("too large")))
        #expect(bench.asides.last == 23, "one of them was taken: it is the odd record again")
    }

    @Test func `a broker that takes and never answers is left`() {
        var bench = Bench(records: 1)
        bench.connect()
        bench.after(.seconds(29))
        #expect(bench.disconnects == 0)
        bench.after(.seconds(1))
        #expect(bench.disconnects == 1)
    }

    @Test func `a connection that does not come about is given up`() {
        var bench = Bench(records: 0)
        bench.after(.seconds(21))
        #expect(bench.disconnects == 1)
        bench.after(.seconds(2))
        #expect(bench.connects == 2)
    }

    @Test func `a link that is away for a minute is a fault, and one that flaps and delivers is none`() {
        var bench = Bench(records: 0)
        bench.connect()
        bench.after(.seconds(3600))
        for number in 1...20 as ClosedRange<Int64> {
            bench.send(.ended("flap"))
            bench.after(.seconds(10))
            bench.connect()
            bench.last = number
            bench.send(.durable(through: Sequence(number)))
            bench.confirm(number...number)
        }
        #expect(bench.raised == [])
        bench.send(.ended("cut"))
        bench.after(.seconds(59))
        #expect(bench.raised == [])
        bench.after(.seconds(2))
        #expect(bench.raised == [.lost])
        bench.last = 21
        bench.send(.durable(through: Sequence(21)))
        bench.after(.seconds(70))
        bench.connect()
        bench.confirm(21...21)
        #expect(bench.cleared == [.lost])
    }

    @Test func `what keeps a connection from coming about is a fault at once, and one at a time`() {
        var bench = Bench(records: 3)
        bench.after(.zero)
        bench.send(.ended("Connection refused", fault: .address))
        #expect(bench.raised == [.address])
        // It stands for the whole of it: no link lost beside it, however long it lasts.
        for _ in 0..<10 {
            bench.retry()
            bench.send(.ended("certificate verify failed", fault: .certificate))
        }
        #expect(bench.raised == [.address, .certificate] && bench.cleared == [.address])
        bench.retry()
        bench.send(.ended("refused", fault: .login))
        #expect(bench.raised == [.address, .certificate, .login])
        #expect(bench.cleared == [.address, .certificate])
        bench.retry()
        bench.connect()
        #expect(bench.cleared == [.address, .certificate, .login])
        bench.confirm(1...3)
        // The broker restarts, which is everyday; a password that was changed is not.
        bench.send(.ended("cut"))
        bench.retry()
        bench.send(.ended("Connection refused", fault: .address))
        #expect(bench.raised.count == 3)
        bench.retry()
        bench.send(.ended("refused", fault: .login))
        #expect(bench.raised == [.address, .certificate, .login, .login])
    }

    @Test func `an address that never answers is a fault after the first try`() {
        var bench = Bench(records: 0)
        bench.after(.seconds(21))
        #expect(bench.raised == [.address] && bench.disconnects == 1)
        bench.retry()
        bench.connect()
        #expect(bench.cleared == [.address])
    }

    @Test func `a journal that does not give what it said it has is asked again later`() {
        var bench = Bench(records: 0)
        bench.connect()
        // Nothing can be read of it.
        bench.send(.durable(through: Sequence(5)))
        #expect(bench.reads == 1 && bench.disconnects == 1)
        bench.last = 5
        bench.after(.seconds(2))
        bench.connect()
        #expect(bench.published == [1, 2, 3, 4, 5])
    }

    @Test func `a replay sends again what upstream had confirmed`() {
        var bench = Bench(records: 5)
        bench.connect()
        bench.confirm(1...5)
        bench.send(.replay(after: Sequence(2)))
        bench.connect()
        #expect(bench.published == [1, 2, 3, 4, 5, 3, 4, 5])
        #expect(bench.cursors == [2], "a restart in between does not forget it")
    }

    @Test func `a stop stores the cursor`() {
        var bench = Bench(records: 5)
        bench.connect()
        bench.confirm(1...5)
        bench.send(.stopping)
        #expect(bench.cursors == [5] && bench.disconnects == 1)
        bench.after(.seconds(600))
        #expect(bench.connects == 1)
    }

    /// Whatever happens in whatever order: no gap, no repetition beyond a connection, never more than the window.
    @Test(arguments: 0..<40) func `in every order of answers, cuts and pauses upstream gets all and in order`(
        _ seed: UInt64
    ) {
        var random = Seeded(seed)
        var bench = Bench(records: 300)
        var unanswered: [Int64] = []
        var received: [Int64] = []
        var seen = 0
        var isUp = false
        for _ in 0..<4000 where bench.pump.acknowledged < Sequence(300) {
            switch random.below(10) {
            case 0 where random.below(4) == 0:
                bench.send(.ended("cut"))
                isUp = false
                unanswered = []
            case 1:
                bench.after(.milliseconds(Int64(random.below(3000))))
            case 2 where !isUp:
                let before = bench.connects
                bench.after(.seconds(2))
                isUp = bench.connects > before
                if isUp { bench.send(.connected(window: 1 + random.below(20))) }
            default:
                guard isUp, !unanswered.isEmpty else { continue }
                let one = unanswered.remove(at: random.below(unanswered.count))
                bench.send(.answered(Sequence(one), .accepted))
            }
            let new = bench.published[seen...]
            seen = bench.published.count
            for one in new {
                #expect(one <= (received.max() ?? 0) + 1, "a gap upstream")
                received.append(one)
                unanswered.append(one)
            }
            #expect(unanswered.count <= 20)
        }
        #expect(bench.pump.acknowledged == Sequence(300))
        #expect(Set(received) == Set(1...300))
    }
}

/// SplitMix64.
private struct Seeded {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
