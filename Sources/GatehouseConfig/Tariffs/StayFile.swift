// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The facts of one stay in a file of their own.
package enum StayFile {
    package static func load(
        path: String, zone: ZoneRules
    ) -> (facts: StayFacts?, issues: [ConfigIssue]) {
        let log = IssueLog(file: path)
        guard let reader = YAMLDocument.top(path: path, log: log)?.mapping() else { return (nil, log.issues) }
        // As a case has them; here the tariff is given.
        for key in ["versions", "version_rule"] {
            reader.given(key)?.notice("not looked at: the tariff is the one that --tariff names")
        }
        let facts = StayFactsReader(zone: zone).read(reader)
        reader.finish()
        return (log.issues.hasErrors ? nil : facts, log.issues.inReadingOrder)
    }
}
