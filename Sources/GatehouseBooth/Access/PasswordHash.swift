// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import GatehouseCore

/// A password as it is kept: scrypt (RFC 7914) with its own salt, so that who reads the file has to guess anew for
/// every guard and every guess costs memory. Written `scrypt:ROUNDS:BLOCK:PARALLEL:SALT:KEY`.
package struct PasswordHash: Hashable, Sendable {
    /// What one guess costs.
    package struct Cost: Hashable, Sendable {
        package var rounds: Int
        package var block: Int
        package var parallel: Int

        /// 16 MiB and some 100 ms on a small computer; OWASP's equal of 128 MiB at once.
        package static let standard = Cost(rounds: 1 << 14, block: 8, parallel: 5)

        package init(rounds: Int, block: Int, parallel: Int) {
            self.rounds = rounds
            self.block = block
            self.parallel = parallel
        }

        /// At most 64 MiB, so that a line cannot ask for more than the unit allows.
        fileprivate var isSane: Bool {
            (1 << 10...1 << 16).contains(rounds) && rounds.nonzeroBitCount == 1 && (1...8).contains(block)
                && (1...16).contains(parallel)
        }
    }

    private var cost: Cost
    private var salt: [UInt8]
    private var key: [UInt8]

    /// nil: the parameters are out of bounds.
    package init?(of password: String, cost: Cost = .standard) {
        guard cost.isSane else { return nil }
        self.cost = cost
        salt = Secret.bytes(16)
        guard let key = Self.key(password, cost, salt) else { return nil }
        self.key = key
    }

    /// nil: not written by `text`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let block = Int(parts[2]),
            let parallel = Int(parts[3]), let salt = Hexadecimal.bytes(String(parts[4])),
            let key = Hexadecimal.bytes(String(parts[5])), salt.count >= 8, salt.count <= 64, key.count == 32
        else { return nil }
        cost = Cost(rounds: rounds, block: block, parallel: parallel)
        guard cost.isSane else { return nil }
        self.salt = salt
        self.key = key
    }

    package var text: String {
        "scrypt:\(cost.rounds):\(cost.block):\(cost.parallel):\(salt.hexadecimal):\(key.hexadecimal)"
    }

    package func matches(_ password: String) -> Bool {
        guard let other = Self.key(password, cost, salt) else { return false }
        return Secret.isEqual(key, other)
    }

    private static func key(_ password: String, _ cost: Cost, _ salt: [UInt8]) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
            blockSize: cost.block, parallelism: cost.parallel)
        return key.map { key in unsafe key.withUnsafeBytes { unsafe Array($0) } }
    }
}
