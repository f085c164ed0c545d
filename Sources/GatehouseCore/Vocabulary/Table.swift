// SPDX-License-Identifier: Apache-2.0

/// The core's one associative container: look-up in constant time, iteration in key order only, so that
/// the same events give the same decisions in every process (a bare `Dictionary` iterates in an order that
/// differs from process to process).
package struct Table<Key: Hashable & Comparable & Sendable, Value: Sendable>: Sendable {
    private var storage: [Key: Value] = [:]

    package init() {}

    /// Of pairs with one key the last stands.
    package init(_ pairs: [(Key, Value)]) {
        for (key, value) in pairs { storage[key] = value }
    }

    package var count: Int { storage.count }
    package var isEmpty: Bool { storage.isEmpty }

    package subscript(key: Key) -> Value? {
        get { storage[key] }
        _modify { yield &storage[key] }
    }

    package subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { storage[key, default: fallback()] }
        _modify { yield &storage[key, default: fallback()] }
    }

    @discardableResult
    package mutating func remove(_ key: Key) -> Value? { storage.removeValue(forKey: key) }

    package mutating func removeAll() { storage.removeAll() }

    /// Sorts: for listings, seals and checks, not for the path of a vehicle.
    package var inOrder: [(key: Key, value: Value)] {
        storage.map { (key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    /// Sorts, as `inOrder`.
    package var keysInOrder: [Key] { storage.keys.sorted() }
}

extension Table: Equatable where Value: Equatable {}
extension Table: Hashable where Value: Hashable {}
