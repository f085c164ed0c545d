// SPDX-License-Identifier: Apache-2.0

/// Collects what is found in one file while it is read.
final class IssueLog {
    let file: String
    private(set) var issues: [ConfigIssue] = []
    /// Counted, so that a reader can ask whether a part was read without an error.
    private(set) var errorCount = 0

    init(file: String) { self.file = file }

    /// Of another file that this one names.
    func add(_ others: [ConfigIssue]) {
        errorCount += others.count { $0.severity == .error }
        issues += others
    }

    func add(
        _ severity: ConfigIssue.Severity = .error, at mark: Place?, path: String, found: String? = nil,
        _ message: String, hint: String? = nil
    ) {
        if severity == .error { errorCount += 1 }
        issues.append(
            ConfigIssue(
                severity: severity, file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, path: path,
                found: found, message: message, hint: hint))
    }
}
