// SPDX-License-Identifier: Apache-2.0

/// The known word that a mistyped one probably means: edit distance with transpositions, at most a third of
/// its length; nil when nothing is near.
func nearest(to word: String, among known: [String]) -> String? {
    let limit = max(1, word.unicodeScalars.count / 3)
    guard word.utf8.count <= 64 else { return nil }
    return known.map { (distance: editDistance(word, $0), word: $0) }
        .filter { $0.distance <= limit }
        .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

private func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var best = min(substitution, previous[j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                best = min(best, beforePrevious[j - 2] + 1)
            }
            row.append(best)
        }
        (beforePrevious, previous) = (previous, row)
    }
    return previous[b.count]
}

/// `controller, gateway or guard`
func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
