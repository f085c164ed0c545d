// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Glibc
import Synchronization

/// The site, the gateway on it, who is upstream of it, and somebody watching.
final class Stage: Sendable {
    let site: TwinSite
    let upstream: Upstream
    let paidExit: PaidExit
    private let watcher = Mutex<ChildProgram?>(nil)
    private let killings = Mutex<[Uptime]>([])
    private let isClosed = Mutex(false)

    init(_ programs: TwinSite.Programs) throws {
        var barrier = BarrierModel.Settings()
        barrier.raise = .milliseconds(800)
        barrier.lower = .milliseconds(800)
        barrier.closesAfter = .milliseconds(1500)
        barrier.closesUnused = .seconds(9)
        site = try TwinSite(programs, barrier: barrier)
        do {
            upstream = try Upstream(folder: site.folder)
            paidExit = try PaidExit(beside: programs.siteFile, folder: site.folder)
        } catch {
            site.close()
            throw error
        }
    }

    var north: Scene {
        Scene(name: "north", lane: site.north, camera: site.northCamera, card: site.northCard)
    }
    var south: Scene {
        Scene(name: "south", lane: site.south, camera: site.southCamera, card: site.southCard)
    }

    /// When the gateway was killed: what it was doing just then may be half done.
    var killedAt: [Uptime] { killings.withLock { $0 } }

    func open() throws {
        say("Gatehouse: a compressed morning at two gates and a turnstile · 两个道口、一个闸机的一个早晨")
        say("boards at \(site.north.path) and \(site.south.path), folder \(site.folder)")
        say("the broker upstream is at \(upstream.address) · 上游 MQTT 服务器")
        try site.siteFile.write(try paidExit.text(site.siteText) + upstream.section + "\nbooth: {}\n")
        try site.startDaemon(through: paidExit.launcher)
        say(
            "the guard's page: \(try Booth.open(on: site)) · 岗亭页面; log in as \(Booth.name), \"\(Booth.password)\""
        )
        let file = TextFile("\(site.folder)/directory.csv")
        try file.write(Cast.directory)
        let answer = try site.gatehouse("directory", "import", file.path)
        guard answer.isSuccess else {
            throw TwinError("gatehouse directory import ended with \(answer.status): \(answer.errors)")
        }
        try watch()
        let rows = Cast.credentials
        try waiting(for: "\(rows) permits and list entries to be in force", within: .seconds(3)) {
            try SiteView(site).status().int("permits_and_entries") == rows ? true : nil
        }
    }

    /// Follows the gateway's records until it ends.
    func watch() throws {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw TwinError.system("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (reading, writing) = (ends[0], ends[1])
        let child = try site.daemonLog.appending { errors in
            try ChildProgram.start(
                site.command, ["watch", "--socket", site.socket], output: writing, errors: errors)
        }
        Glibc.close(writing)
        watcher.withLock { $0 = child }
        Thread.detachNewThread {
            let file = FileHandle(fileDescriptor: reading, closeOnDealloc: true)
            var rest: [UInt8] = []
            while true {
                let data = file.availableData
                guard !data.isEmpty else { break }
                rest += Array(data)
                while let end = rest.firstIndex(of: 0x0A) {
                    say("  " + String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                }
            }
        }
    }

    func killGateway() throws {
        killings.withLock { $0.append(TwinClock.uptime()) }
        try site.killDaemon()
        paidExit.scanner.freeLine()
        endWatcher()
    }

    func startGateway() throws {
        try site.startDaemon(through: paidExit.launcher)
        try watch()
    }

    private func endWatcher() {
        watcher.withLock { running in
            running?.kill(SIGTERM)
            if running?.wait(within: .seconds(1)) == nil { running?.kill(SIGKILL) }
            _ = running?.wait(within: .seconds(1))
            running = nil
        }
    }

    func close() {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard isFirst else { return }
        endWatcher()
        if site.isRunning { _ = try? site.stopDaemon() }
        upstream.close()
        paidExit.scanner.stop()
        site.close()
    }

    func invite() {
        say(
            """

            The gateway stays up; in another terminal · 网关继续运行,在另一个终端试试:
              G=\(site.command) S=\(site.socket)
              $G status --socket $S
              $G explain NUMBER --socket $S        a number of the lines above · 上面任一行的编号
              $G lane open north --reason TEST --socket $S
              $G stay list --socket $S
              $G ledger balances --socket $S
            Here, with Return · 在此输入并回车:  1 resident in · 2 visitor in · 3 resident out · 4 blocked plate
              5 card at the turnstile · 6 a stranger's card
            Ctrl-C ends it and removes \(site.folder).
            """)
    }
}
