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
    private let origin = "gatehouse.estate.gateway"

    init() throws { folder = try TemporaryFolder() }

    @Test func `the key is made once, for its owner alone, and keeps the ledger's name`() throws {
        let (signer, isNew) = try LedgerKey.open(folder: folder.path, origin: origin)
        #expect(isNew && signer.key.name == origin)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let (again, isNewAgain) = try LedgerKey.open(folder: folder.path, origin: "gatehouse.renamed.gateway")
        #expect(!isNewAgain && again.key == signer.key)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger-key"])
        let elsewhere = try TemporaryFolder()
        let other = try LedgerKey.open(folder: elsewhere.path, origin: origin)
        #expect(other.signer.key != signer.key)
    }

    @Test func `a credential is read as the file is`() throws {
        let signer = try LedgerKey.open(folder: folder.path, origin: origin).signer
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(try LedgerKey.read(text).key == signer.key)
        #expect(throws: LedgerKeyFault.self) { try LedgerKey.read("PRIVATE+KEY+x") }
    }

    @Test(arguments: [0o640, 0o604, 0o660] as [mode_t])
    func `a file that others may read is refused`(mode: mode_t) throws {
        _ = try LedgerKey.open(folder: folder.path, origin: origin)
        unsafe chmod(file, mode)
        #expect(throws: LedgerKeyFault.exposed(file)) {
            try LedgerKey.open(folder: folder.path, origin: origin)
        }
    }

    @Test func `what is no key is refused and left alone`() throws {
        try "not a key\n".write(toFile: file, atomically: false, encoding: .utf8)
        unsafe chmod(file, 0o600)
        #expect(throws: LedgerKeyFault.self) { try LedgerKey.open(folder: folder.path, origin: origin) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "not a key\n")
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/dev/null")
        #expect(throws: LedgerKeyFault.self) { try LedgerKey.open(folder: folder.path, origin: origin) }
    }

    @Test func `a draft that a power cut left is no key`() throws {
        try "PRIV".write(toFile: "\(file).new", atomically: false, encoding: .utf8)
        #expect(try LedgerKey.open(folder: folder.path, origin: origin).isNew)
    }
}
