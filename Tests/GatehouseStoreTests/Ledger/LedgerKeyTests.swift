// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseEngine
import GatehouseProof
@testable import GatehouseStore
import Glibc
import Testing

@Suite struct LedgerKeyTests {
    private let folder: TemporaryFolder
    private var file: String { "\(folder.path)/ledger-key" }
    private var place: LedgerKey { LedgerKey(folder: folder.path) }
    private let origin = "gatehouse.estate.gateway"

    init() throws { folder = try TemporaryFolder() }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `the key is made once, for its owner alone, and keeps the ledger's name`() throws {
        #expect(try place.first() == nil)
        let signer = try place.begin(origin: origin)
        #expect(signer.key.name == origin)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try place.first()?.key == signer.key)
        #expect(try place.signer(of: signer.key)?.key == signer.key)
        #expect(try names() == ["ledger-key"])
        // One that is there is never written over.
        #expect(throws: LedgerKeyFault.self) { try place.begin(origin: "gatehouse.renamed.gateway") }
        #expect(try place.first()?.key == signer.key)
        let elsewhere = try TemporaryFolder()
        #expect(try LedgerKey(folder: elsewhere.path).begin(origin: origin).key != signer.key)
    }

    @Test func `a credential is read as the file is, and goes before it`() throws {
        let signer = try place.begin(origin: origin)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(try LedgerKey.read(text).key == signer.key)
        #expect(throws: LedgerKeyFault.self) { try LedgerKey.read("PRIVATE+KEY+x") }
        let elsewhere = try TemporaryFolder()
        let there = LedgerKey(folder: elsewhere.path, credential: text)
        #expect(try there.first()?.key == signer.key)
        #expect(try there.signer(of: signer.key)?.key == signer.key)
        #expect(!there.isCredentialOutdated(for: signer.key))
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == [])
    }

    @Test func `a credential cannot be changed: the next key is in the file, and what is outdated is said`()
        throws
    {
        let old = try ledgerSigner()
        let there = LedgerKey(folder: folder.path, credential: old.secretText)
        let next = try there.prepare(origin: origin)
        try there.install()
        #expect(try there.signer(of: next.key)?.key == next.key)
        #expect(there.isCredentialOutdated(for: next.key))
        #expect(try names() == ["ledger-key"])
    }

    /// The record stands between the two: whichever key it names is found.
    @Test func `a power cut between any two steps of a change leaves both keys or the one in force`() throws {
        let old = try place.begin(origin: origin)
        let next = try place.prepare(origin: origin)
        #expect(next.key != old.key && next.key.name == origin)
        let mode = try FileManager.default.attributesOfItem(atPath: file + ".next")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // Cut here without the record: the old one signs on, and the next change takes the same key.
        #expect(try place.signer(of: old.key)?.key == old.key)
        #expect(try names() == ["ledger-key", "ledger-key.next"])
        #expect(try place.prepare(origin: origin).key == next.key)
        // With it: the next one signs, and is put where it belongs.
        #expect(try place.signer(of: next.key)?.key == next.key)
        #expect(try names() == ["ledger-key"])
        #expect(try place.first()?.key == next.key)
        #expect(try place.signer(of: old.key) == nil)
        // Once more: somebody else may have done it already.
        try place.install()
        #expect(try place.first()?.key == next.key)
    }

    @Test func `names that the disk did not take are said, and no step goes on without them`() throws {
        let old = try place.begin(origin: origin)
        let failing = LedgerKey(folder: folder.path, credential: nil) { _ in EIO }
        func refuses(_ step: () throws -> Void) {
            let fault = #expect(throws: LedgerKeyFault.self) { try step() }
            guard case .unusable(let path, let why) = fault else {
                return #expect(Bool(false), "\(String(describing: fault))")
            }
            #expect(path == folder.path && why.contains("durable"))
        }
        refuses { _ = try failing.first() }
        refuses { _ = try failing.prepare(origin: origin) }
        // What was prepared is there, and is no more durable than before.
        refuses { _ = try failing.prepare(origin: origin) }
        refuses { try failing.install() }
        #expect(try place.first()?.key != old.key)
        let elsewhere = try TemporaryFolder()
        let other = LedgerKey(folder: elsewhere.path, credential: nil) { _ in EIO }
        #expect(throws: LedgerKeyFault.self) { try other.begin(origin: origin) }
    }

    @Test func `a folder that is not there is no durable one`() throws {
        #expect(FileSync.folder(folder.path) == 0)
        #expect(FileSync.folder("\(folder.path)/none") == ENOENT)
    }

    @Test func `another ledger's prepared key is not taken`() throws {
        let other = try place.prepare(origin: "gatehouse.other.gateway")
        let own = try place.prepare(origin: origin)
        #expect(own.key.name == origin && own.key != other.key)
    }

    @Test(arguments: [0o640, 0o604, 0o660] as [mode_t])
    func `a file that others may read is refused`(mode: mode_t) throws {
        let signer = try place.begin(origin: origin)
        unsafe chmod(file, mode)
        #expect(throws: LedgerKeyFault.exposed(file)) { try place.first() }
        #expect(throws: LedgerKeyFault.exposed(file)) { try place.signer(of: signer.key) }
    }

    @Test func `what is no key is refused and left alone`() throws {
        try "not a key\n".write(toFile: file, atomically: false, encoding: .utf8)
        unsafe chmod(file, 0o600)
        let key = try ledgerSigner().key
        #expect(throws: LedgerKeyFault.self) { try place.first() }
        #expect(throws: LedgerKeyFault.self) { try place.signer(of: key) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "not a key\n")
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/dev/null")
        #expect(throws: LedgerKeyFault.self) { try place.first() }
    }

    @Test func `a draft that a power cut left is no key`() throws {
        try "PRIV".write(toFile: "\(file).new", atomically: false, encoding: .utf8)
        #expect(try place.first() == nil)
        let signer = try place.begin(origin: origin)
        #expect(try names() == ["ledger-key"])
        try "PRIV".write(toFile: "\(file).new", atomically: false, encoding: .utf8)
        #expect(try place.prepare(origin: origin).key != signer.key)
        #expect(try names() == ["ledger-key", "ledger-key.next"])
    }
}
