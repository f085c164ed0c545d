// SPDX-License-Identifier: Apache-2.0

/// How much a tariff may hold: far more than any board has, and little enough that a file of the size limit is still
/// judged at once.
enum TariffLimits {
    static let bands = 64
    static let specials = 64
    static let discounts = 64
    static let classes = 64
    /// Of a rate.
    static let steps = 400
    /// Of one list of the calendar, and of the days of all bands together.
    static let dates = 400

    static func text(_ count: Int, of what: String, _ limit: Int) -> String {
        "\(count) \(what), the limit is \(limit)"
    }
}

extension Field {
    /// The elements of a list that has a limit; none after an error.
    func list(atMost limit: Int, _ what: String, mayBeEmpty: Bool = false) -> [Field] {
        let elements = oneOrMany(mayBeEmpty: mayBeEmpty)
        guard elements.count <= limit else {
            error(TariffLimits.text(elements.count, of: what, limit))
            return []
        }
        return elements
    }

    /// A text that stands on signs, receipts and screens: one line of what can be printed.
    func label() -> String? {
        guard let text = text() else { return nil }
        guard text.isPrintable else {
            error("use text that can be printed, in one line", found: text)
            return nil
        }
        return text
    }
}

extension MappingReader {
    /// Of a key that is a name itself.
    func requirePrintable(_ entry: Entry) {
        guard entry.key.isEmpty || !entry.key.isPrintable else { return }
        log.add(at: entry.mark, path: path, found: entry.key, "use a name that can be printed, in one line")
    }
}

extension String {
    var isPrintable: Bool { !unicodeScalars.contains(where: ConfigIssue.isControl) }
}
