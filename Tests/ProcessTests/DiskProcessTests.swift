// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Glibc
import Testing

/// The real daemon on a disk that does not work.
@Suite(.serialized) struct DiskProcessTests {
    @Test(.enabled(if: Remount.isPossible, "needs root with the right to mount"))
    func `H-25 on a read-only disk a resident still enters, and the records are written when it can be`()
        throws
    {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            try site.stopDaemon()
            #expect(Remount.readOnly(site.state, showing: site.state))
            defer { Remount.undo(site.state) }
            try site.startDaemon()
            let faults = try site.gatehouse("faults")
            #expect(
                faults.output.contains("journal") && faults.output.contains("read-only"), "\(faults.output)")
            #expect(site.daemonLog.text.contains("journal unavailable: the file system is read-only"))

            let car = site.north.with { $0.arrive(stop: 150) }
            try waiting(for: "the car at the line", within: .seconds(5)) {
                site.north.with { $0.loops.isOn("P") } ? true : nil
            }
            site.northCamera.send(PlateCameraModel.Sight(plate: "蓝沪A12345"))
            try waiting(for: "the arm to be up", within: .seconds(5)) {
                site.north.with { $0.barrier.isUp } ? true : nil
            }
            site.north.with { $0.drive(car) }
            #expect(site.north.with { $0.openClosings.count } == 1)

            Remount.undo(site.state)
            let records = try waiting(for: "the passage on record", within: .seconds(15)) {
                guard let records = try? site.records() else { return [TwinRecord]?.none }
                return records.contains(where: \.isPassage) ? records : nil
            }
            let kinds = records.map(\.kind)
            #expect(kinds.contains("storeUnavailable") && kinds.contains("storeRestored"), "\(kinds)")
            let passage = try #require(records.first { $0.isPassage })
            #expect(passage.text("plate") == "沪A12345" && passage.text("cause") == "granted")
            #expect(try !site.gatehouse("faults").output.contains("read-only"))
            #expect(try site.stopDaemon() == 0)
            let verified = try site.offline("verify", "--offline", site.state)
            #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
        }
    }

    @Test(.enabled(if: Remount.isPossible, "needs root with the right to mount"))
    func `H-25 a journal that is mounted late is taken up by a new process`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            try TestSite.importDirectory(site)
            try site.stopDaemon()
            let elsewhere = TextFile("\(site.folder)/elsewhere/empty")
            #expect(unsafe mkdir("\(site.folder)/elsewhere", 0o700) == 0)
            try elsewhere.write("")
            #expect(Remount.readOnly(site.state, showing: "\(site.folder)/elsewhere"))
            defer { Remount.undo(site.state) }
            try site.startDaemon()
            #expect(try permits(site) == 0)
            #expect(try site.gatehouse("faults").output.contains("read-only"))
            Remount.undo(site.state)
            let status = try waiting(for: "the end of a process with another past", within: .seconds(15)) {
                site.daemonStatus
            }
            #expect(status == 75)
            #expect(site.daemonLog.text.contains("records kept in memory are lost"))
            try site.startDaemon()
            #expect(try permits(site) == 1)
            #expect(try site.stopDaemon() == 0)
        }
    }

    @Test func `a second daemon on the same journal is refused and disturbs nothing`() throws {
        try TestSite.with { site in
            try site.startDaemon()
            // At a socket of its own, so that nothing but the journal can tell.
            let other = site.daemonArguments.dropLast() + ["\(site.folder)/second.sock"]
            let second = try ChildProgram.run(
                site.gatehoused, Array(other), scratch: site.folder, within: .seconds(10))
            #expect(second.status == 71)
            #expect((second.output + second.errors).contains("in use by another process"))
            #expect(try site.gatehouse("status").isSuccess)
            #expect(try site.stopDaemon() == 0)
        }
    }

    private func permits(_ site: TwinSite) throws -> Int {
        let status = try site.gatehouse("status", "--json")
        return try Fields(Array(status.output.utf8)).int("permits_and_entries")
    }
}

/// A folder that cannot be written: root writes wherever a mode says no, but not on a read-only mount.
private enum Remount {
    static let isPossible: Bool = {
        var template = Array("/tmp/gatehouse-mount-XXXXXX".utf8CString)
        guard geteuid() == 0, let folder = unsafe mkdtemp(&template).map({ unsafe String(cString: $0) })
        else { return false }
        defer { unsafe rmdir(folder) }
        guard readOnly(folder, showing: folder) else { return false }
        undo(folder)
        return true
    }()

    static func readOnly(_ path: String, showing source: String) -> Bool {
        guard run("--bind", source, path) else { return false }
        return run("-o", "remount,bind,ro", path)
    }

    static func undo(_ path: String) { unsafe umount2(path, Int32(MNT_DETACH)) }

    private static func run(_ words: String...) -> Bool {
        (try? ChildProgram.run("/usr/bin/mount", words, scratch: "/tmp").isSuccess) ?? false
    }
}
