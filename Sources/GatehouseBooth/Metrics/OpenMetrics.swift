// SPDX-License-Identifier: Apache-2.0

/// Text in the OpenMetrics format, version 1.0.0: families one after the other, `# EOF` at the end. Names and labels
/// are the caller's; values of labels are escaped.
package struct OpenMetrics: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, info, stateset }

    private var text = ""

    package init() {}

    /// One family with its samples. A unit is the last part of the name, as the format wants it.
    package mutating func family(
        _ name: String, _ kind: Kind, unit: String? = nil, help: String, _ samples: [Sample]
    ) {
        guard !samples.isEmpty else { return }
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(Self.escaped(help))\n"
        let suffix =
            switch kind {
            case .counter: "_total"
            case .info: "_info"
            case .gauge, .stateset: ""
            }
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += "\(name)\(suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
        }
    }

    package struct Sample: Sendable {
        var labels: [(String, String)]
        var value: Int64

        package init(_ value: Int64, _ labels: (String, String)...) {
            self.value = value
            self.labels = labels
        }

        package init(_ isSo: Bool, _ labels: (String, String)...) {
            value = isSo ? 1 : 0
            self.labels = labels
        }
    }

    package var whole: String { text + "# EOF\n" }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
