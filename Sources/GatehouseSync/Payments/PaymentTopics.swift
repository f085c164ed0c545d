// SPDX-License-Identifier: Apache-2.0

/// The topics of the channel stand beside the one that the records go to: `gatehouse/SITE/GATEWAY/records` and
/// `…/quote`.
package struct PaymentTopics: Hashable, Sendable {
    private let root: String
    private let records: String

    /// - Parameter records: the uplink's topic. One of a single level has the calls below it: a bare `payment` would be
    ///   any gateway's.
    package init(besides records: String) {
        let end = records.lastIndex(of: "/")
        let above = end.map { String(records[..<$0]) } ?? ""
        root = above.isEmpty ? records : above
        self.records = records
    }

    package func topic(_ word: PaymentWord) -> String { "\(root)/\(word.rawValue)" }

    /// What we listen to.
    package var calls: [String] { PaymentWord.calls.map(topic) }

    package func word(of topic: String) -> PaymentWord? {
        PaymentWord.calls.first { self.topic($0) == topic }
    }

    /// A call chooses where it is answered, and we have rights at the broker that its sender may not have: never among our
    /// own topics or the broker's, and not where a topic name has no place (MQTT 5, 4.7).
    package func mayAnswer(at topic: String) -> Bool {
        guard (1...256).contains(topic.utf8.count), topic.first != "$" else { return false }
        guard topic != records, !PaymentWord.allCases.map(self.topic).contains(topic) else { return false }
        return topic.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "+" && $0 != "#" }
    }
}
