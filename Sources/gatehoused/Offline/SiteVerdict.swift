// SPDX-License-Identifier: Apache-2.0

import GatehouseCommandLine
import GatehouseConfig
import GatehouseCore
import GatehouseDiagnostics

/// What is wrong with a site file and what its lanes can know: how `check` and `init` say it.
struct SiteVerdict {
    let site: String
    let result: LoadResult

    func print(json isJSON: Bool) {
        if isJSON { return Output.json(json) }
        for issue in result.issues { Output.line(issue.text) }
        for line in result.report?.lines ?? [] { Output.line(line) }
        let errors = result.issues.count { $0.severity == .error }
        let warnings = Self.counted(result.issues.count { $0.severity == .warning }, "warning")
        Output.line("\(site): \(errors == 0 ? "good" : Self.counted(errors, "error")), \(warnings)")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private var json: [UInt8] {
        FieldWriter.object { fields in
            fields.put("file", site)
            fields.put("ok", !result.issues.hasErrors)
            fields.put("issues", objects: result.issues) { $0.write(to: &$1) }
            fields.put("report", strings: result.report?.lines ?? [])
        }
    }
}

extension ConfigIssue {
    func write(to fields: inout FieldWriter) {
        fields.put("severity", severity.rawValue)
        fields.put("file", file)
        fields.put("line", line)
        fields.put("column", column)
        fields.put("path", path)
        fields.put("found", ifPresent: found)
        fields.put("message", message)
        fields.put("try", ifPresent: hint)
    }
}
