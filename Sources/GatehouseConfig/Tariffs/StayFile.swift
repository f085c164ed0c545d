// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The facts of one stay in a file of their own.
package enum StayFile {
    package static func load(
        path: String, zone: ZoneRules
    ) -> (facts: StayFacts?, issues: [ConfigIssue]) {
        let log = IssueLog(file: path)
        do {
            let bytes = try TextFile.bytes(path, atMost: YAMLDocument.maximumBytes)
            guard let node = YAMLDocument.compose(try TextFile.text(bytes), log: log) else {
                if log.issues.isEmpty { log.add(at: nil, path: "", "the file is empty") }
                return (nil, log.issues)
            }
            guard let reader = Field(node: node, path: "", log: log).mapping() else {
                return (nil, log.issues)
            }
            let facts = StayFactsReader(zone: zone).read(reader)
            reader.finish()
            return (log.issues.hasErrors ? nil : facts, log.issues.inReadingOrder)
        } catch {
            return (nil, [ConfigIssue(file: path, message: TextFile.message(error))])
        }
    }
}
