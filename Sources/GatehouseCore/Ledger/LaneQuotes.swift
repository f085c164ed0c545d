// SPDX-License-Identifier: Apache-2.0

/// Who was asked at each exit, since when and for what: a payment by the lane's one code says nothing else, and comes
/// when another may stand there (`tariffs.md` §10.2).
package struct LaneQuotes: Equatable, Sendable {
    struct Asked: Hashable, Sendable {
        var stay: StayID
        /// Seconds since 1970.
        var since: Int64
        /// What was due there, newest last.
        var dues: [Money]
    }

    /// So many vehicles of each lane.
    static let remembered = 4

    private var lanes: Table<String, [Asked]> = Table()

    /// Whom the lane asked that much when it was paid; without a time the last one that it asked that much.
    /// - Parameter second: seconds since 1970.
    func stay(askedAt lane: String, for amount: Money, by second: Int64?) -> StayID? {
        (lanes[lane] ?? []).last { asked in
            asked.dues.contains(amount) && second.map { asked.since <= $0 } ?? true
        }?.stay
    }

    func last(at lane: String) -> StayID? { lanes[lane]?.last?.stay }

    // MARK: The fold

    mutating func take(_ quote: StayAccount.Quote, of stay: StayID) -> [ProjectionChange] {
        guard let lane = quote.lane else { return [] }
        var all = lanes[lane] ?? []
        if let last = all.indices.last, all[last].stay == stay {
            all[last].dues = Array((all[last].dues + [quote.due]).suffix(StayAccount.quotesRemembered))
        } else {
            all = (all + [Asked(stay: stay, since: quote.computedAt, dues: [quote.due])])
                .suffix(Self.remembered)
        }
        lanes[lane] = all
        return [
            ProjectionChange(
                ProjectionKey(.laneQuote, lane),
                FieldWriter.object { fields in
                    fields.put("asked", objects: all) { asked, fields in
                        fields.put("stay", asked.stay.number)
                        fields.put("since_s", asked.since)
                        fields.put("due", integers: asked.dues.map(\.minorUnits))
                    }
                })
        ]
    }

    // MARK: Recovery

    mutating func take(_ lane: String, _ fields: Fields) throws(FieldError) {
        for one in try fields.objects("asked") {
            let asked = Asked(
                stay: StayID(try one.integer("stay")), since: try one.integer("since_s"),
                dues: try one.integers("due").map { Money($0) })
            lanes[lane, default: []].append(asked)
        }
    }
}
