// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseProof
@testable import GatehouseStore
import Testing

struct PictureStoreTests {
    private func files(_ folder: TemporaryFolder) -> [String] {
        (FileManager.default.subpaths(atPath: folder.path) ?? []).filter { $0.contains(".") }.sorted()
    }

    /// Dates a picture as if it had been put so many days ago.
    private func age(_ name: Digest, days: Int, in folder: TemporaryFolder) throws {
        let text = name.description
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 - Double(days) * 86_400)],
            ofItemAtPath: "\(folder.path)/\(text.prefix(2))/\(text).jpg")
    }

    private func before(days: Int) -> WallTime {
        WallTime(milliseconds: 1_700_000_000_000 - Int64(days) * 86_400_000)
    }

    @Test(arguments: [PictureStore.Durability.lazy, .flushed])
    func `a picture is named by its hash and comes back whole`(
        durability: PictureStore.Durability
    ) throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000, durability: durability)
        let picture = [UInt8](repeating: 7, count: 100_000)
        let name = try store.put(picture[...])
        #expect(name == Digest(of: picture))
        #expect(store.read(name) == picture)
        let text = name.description
        #expect(files(folder) == ["\(text.prefix(2))/\(text).jpg"])
        #expect(store.usage() == 100_000)
    }

    @Test func `the same picture twice is one file`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        #expect(try store.put([1, 2, 3]) == store.put([1, 2, 3]))
        #expect(store.usage() == 3)
        #expect(files(folder).count == 1)
    }

    @Test func `a changed or cut picture is not handed out, and can be put again`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        let name = try store.put([1, 2, 3])
        try Data().write(to: URL(fileURLWithPath: "\(folder.path)/\(files(folder)[0])"))
        #expect(store.read(name) == nil)
        #expect(try store.put([1, 2, 3]) == name)
        #expect(store.read(name) == [1, 2, 3])
    }

    @Test func `old pictures go, and what went is told`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        for number in 0..<6 {
            try age(store.put([UInt8(number), 0, 0]), days: number * 10, in: folder)
        }
        let deleted = store.prune(keeping: .seconds(25 * 86_400), at: now(.synchronised))
        #expect(deleted.count == 3)
        #expect(deleted.bytes == 9)
        #expect(deleted.newest == before(days: 30))
        #expect(store.usage() == 9)
        #expect(files(folder).count == 3)
    }

    @Test func `H-24 a clock that jumped takes a share, not all pictures`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        for number in 0..<250 { _ = try store.put([UInt8(number), 1]) }
        let future = Moment(uptime: .zero, wall: before(days: -9_999))
        #expect(store.prune(keeping: .seconds(86_400), at: future).count == 100)
        #expect(files(folder).count == 150)
    }

    @Test(arguments: [ClockQuality.holdover, .doubtful])
    func `H-24 no picture goes by age while the clock is not synchronised`(quality: ClockQuality) throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        try age(store.put([1, 0, 0]), days: 400, in: folder)
        #expect(store.prune(keeping: .seconds(86_400), at: now(quality)) == PictureStore.Deleted())
        #expect(files(folder).count == 1)
    }

    private func now(_ quality: ClockQuality) -> Moment {
        Moment(uptime: .zero, wall: before(days: 0), quality: quality)
    }

    @Test func `a new bound holds from the next picture on`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 1_000_000)
        for number in 0..<20 {
            try age(
                store.put(ArraySlice(repeating: UInt8(number), count: 1_000)), days: 30 - number, in: folder)
        }
        store.limit(to: 10_000)
        _ = try store.put([1])
        #expect(store.usage() <= 10_000 && store.usage() > 0)
    }

    @Test func `the folder never grows past its bound: the oldest make room`() throws {
        let folder = try TemporaryFolder()
        let store = PictureStore(folder.path, maximumBytes: 10_000)
        var names: [Digest] = []
        for number in 0..<30 {
            let name = try store.put(ArraySlice(repeating: UInt8(number), count: 1_000))
            try age(name, days: 100 - number, in: folder)
            names.append(name)
            #expect(store.usage() <= 10_000)
        }
        let sizes = files(folder).count
        #expect(sizes <= 10)
        #expect(store.read(names[29]) != nil)
        #expect(store.read(names[0]) == nil)
    }

    @Test func `the bound counts what an earlier process left`() throws {
        let folder = try TemporaryFolder()
        _ = try PictureStore(folder.path, maximumBytes: 10_000).put(ArraySlice(repeating: 1, count: 5_000))
        #expect(PictureStore(folder.path, maximumBytes: 10_000).usage() == 5_000)
    }

    @Test func `a folder that cannot be made is an error, not a trap`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        try Data([1]).write(to: URL(fileURLWithPath: file))
        #expect(throws: (any Error).self) { try PictureStore(file, maximumBytes: 10).put([1]) }
    }
}
