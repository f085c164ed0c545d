// SPDX-License-Identifier: Apache-2.0

/// One thing wrong, doubtful or worth knowing in a file that a person wrote. All of a file are listed in one
/// go; a plan with an `error` is never used.
package struct ConfigIssue: Error, Hashable, Sendable, Encodable {
    package enum Severity: String, Hashable, Sendable, Encodable { case error, warning, notice }

    package var severity: Severity
    package var file: String
    /// From 1; 0 when the file as a whole is meant.
    package var line: Int
    /// From 1, counted in Unicode scalars; 0 with line 0.
    package var column: Int
    /// `lanes.north.closing`; empty when the file as a whole is meant.
    package var path: String
    /// What stands there, shortened; nil when something is missing.
    package var found: String?
    /// What is wrong or what may stand there instead.
    package var message: String
    /// What to try.
    package var hint: String?

    package init(
        severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, path: String = "",
        found: String? = nil, message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.found = found.map { $0.count > 60 ? String($0.prefix(57)) + "..." : $0 }
        self.message = message
        self.hint = hint
    }

    /// One paragraph without control characters, whatever stands in the file:
    /// `site.yaml:12:5: error: lanes.north.closing: found "gatway"; use controller, gateway or guard`
    package var text: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        let about = path.isEmpty ? "" : "\(path): "
        let parts = [found.map { "found \"\($0)\"" }, message, hint].compactMap { $0 }
        let text = "\(place): \(severity.rawValue): \(about)\(parts.joined(separator: "; "))"
        return String(
            text.map { $0.isNewline || $0.unicodeScalars.contains(where: Self.isControl) ? "\u{FFFD}" : $0 })
    }
}

extension ConfigIssue {
    /// What could move a terminal's cursor or turn its text around.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}

extension [ConfigIssue] {
    package var hasErrors: Bool { contains { $0.severity == .error } }

    /// In the order of the file, errors first within a place.
    package var inReadingOrder: [ConfigIssue] {
        enumerated().sorted { a, b in
            let left = (a.element.file, a.element.line, a.element.column, a.offset)
            return left < (b.element.file, b.element.line, b.element.column, b.offset)
        }.map(\.element)
    }
}
