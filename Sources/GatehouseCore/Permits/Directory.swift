// SPDX-License-Identifier: Apache-2.0

/// Why a directory cannot be built.
package enum DirectoryError: Error, Hashable, Sendable {
    /// Permits and list entries together (architecture §14).
    case tooManyCredentials(count: Int, limit: Int)
    case invalidEntry(ListEntry.Problem)
    /// Unread characters stand in reads, never in permits or lists.
    case wildcardInPlate(Plate)
    case unreadableRow(ProjectionKey, FieldError)
}

/// Everybody who is known, immutable and exchanged whole: the loop looks up and never waits. Columns, not
/// objects: 250 000 credentials take some 20 MB, also while the next directory is being built.
package final class Directory: Sendable {
    package static let limit = 250_000

    /// State of the journal that this is, and when somebody upstream last confirmed it: `STALE_RULES`.
    package let asOf: Sequence
    package let confirmedAt: WallTime?

    let columns: DirectoryColumns
    /// Distinct known plates, ascending.
    private let plates: [UInt64]
    /// Skeleton (40 bits) and index into `plates` (24 bits), ascending.
    private let skeletons: [UInt64]

    package static let empty = Directory(
        columns: DirectoryColumns(), asOf: Sequence(0), confirmedAt: nil)

    /// Rows sorted by credential and number, households by number, as the builder leaves them.
    init(columns: DirectoryColumns, asOf: Sequence, confirmedAt: WallTime?) {
        self.columns = columns
        self.asOf = asOf
        self.confirmedAt = confirmedAt
        let permitted = columns.permits.map(\.credential).filter { Card(packed: $0) == nil }
        let all = (permitted + columns.entries.map(\.plate)).sorted()
        var distinct: [UInt64] = []
        for plate in all where distinct.last != plate { distinct.append(plate) }
        plates = distinct
        skeletons = distinct.enumerated().compactMap { index, packed in
            let plate = Plate(packed: packed)
            guard !plate.isTemporaryCode else { return nil }
            return PlateSkeleton(of: plate).packed << 24 | UInt64(index)
        }.sorted()
    }

    /// Permits and list entries.
    package var count: Int { columns.permits.count + columns.entries.count }

    package var householdCount: Int { columns.households.count }

    /// By rising number.
    package func permits(for credential: Credential) -> [Permit] {
        let rows = columns.permits
        let start = rows.startOfRun { $0.credential < credential.packed }
        return rows[start...].prefix { $0.credential == credential.packed }.map(columns.unpack)
    }

    /// By rising number.
    package func permits(for plate: Plate) -> [Permit] { permits(for: .plate(plate)) }

    /// By rising number.
    package func listEntries(for plate: Plate) -> [ListEntry] {
        let rows = columns.entries
        let start = rows.startOfRun { $0.plate < plate.packed }
        return rows[start...].prefix { $0.plate == plate.packed }.map(columns.unpack)
    }

    package func household(_ id: Int64) -> Household? {
        let rows = columns.households
        let index = rows.startOfRun { $0.id < id }
        return index < rows.count && rows[index].id == id ? columns.unpack(rows[index]) : nil
    }

    /// Has a permit or stands on a list, in force or not.
    package func isKnown(_ plate: Plate) -> Bool {
        let index = plates.startOfRun { $0 < plate.packed }
        return index < plates.count && plates[index] == plate.packed
    }

    /// Has a permit, in force or not.
    package func isKnown(_ card: Card) -> Bool {
        let rows = columns.permits
        let index = rows.startOfRun { $0.credential < card.packed }
        return index < rows.count && rows[index].credential == card.packed
    }

    /// Known plates that a read may stand for, nearest first. Within `limit` tenths; complete up to one free
    /// edit (`PlateSkeleton.Reach`), and without a walk over all plates.
    package func candidates(
        near read: Plate, color: PlateColor = .unknown, upTo limit: Int = PlateMatch.limit + PlateMatch.margin
    ) -> [PlateMatch.Near] {
        let near = plates(
            sharingSkeletonWith: read, reach: limit < PlateLookAlike.other ? .similar : .oneFreeEdit)
        return PlateMatch(read: read, color: color, known: near).ranked.filter { $0.distance <= limit }
    }

    /// The first sieve of `candidates`; its size is the work of a look-up.
    func plates(sharingSkeletonWith read: Plate, reach: PlateSkeleton.Reach) -> [Plate] {
        var found: [Plate] = []
        for skeleton in PlateSkeleton.around(read, reach: reach) {
            var position = skeletons.startOfRun { $0 >> 24 < skeleton.packed }
            while position < skeletons.count, skeletons[position] >> 24 == skeleton.packed {
                found.append(Plate(packed: plates[Int(skeletons[position] & 0xFF_FFFF)]))
                position += 1
            }
        }
        return found
    }
}

extension Array {
    /// First index whose element is not before the wanted run; the array is sorted that way.
    func startOfRun(isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
