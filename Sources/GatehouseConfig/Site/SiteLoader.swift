// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// What became of a plan: all that is wrong with it, and the plan if nothing is.
package struct LoadResult: Sendable {
    /// Nil when any issue is an error.
    package var plan: SitePlan?
    /// In reading order, those of the profiles with them.
    package var issues: [ConfigIssue]
    /// What `gatehouse check` prints after the issues; nil when the file could not be read at all.
    package var report: CheckReport?
}

/// The one way from `site.yaml` to a plan, at start, at a reload and for `gatehouse check`.
package enum SiteLoader {
    package static func load(
        path: String, profilesFolder: String, drivers: [DriverDescription],
        zonesFolder: String = ZoneRulesLoader.systemRoot
    ) -> LoadResult {
        do {
            let text = try TextFile.text(try TextFile.bytes(path, atMost: YAMLDocument.maximumBytes))
            let profiles = ProfileLibrary(folder: profilesFolder, drivers: drivers)
            return read(text, file: path, profiles: profiles, drivers: drivers, zonesFolder: zonesFolder)
        } catch {
            let issue = ConfigIssue(file: path, message: TextFile.message(error))
            return LoadResult(plan: nil, issues: [issue], report: nil)
        }
    }

    /// A line that is wrong for a character that nobody sees.
    private static func explain(_ text: String, _ log: IssueLog) {
        let wrong = Set(log.issues.filter { $0.severity == .error }.map(\.line))
        LookAlikes(text).report(where: wrong.contains, to: log)
    }

    package static func read(
        _ text: String, file: String, profiles: ProfileLibrary, drivers: [DriverDescription],
        zonesFolder: String = ZoneRulesLoader.systemRoot
    ) -> LoadResult {
        let log = IssueLog(file: file)
        let reader = SiteReader(profiles: profiles, drivers: drivers, zonesFolder: zonesFolder, log: log)
        guard var draft = reader.read(text) else {
            return LoadResult(plan: nil, issues: profiles.issues + log.issues.inReadingOrder, report: nil)
        }
        SiteRules(draft: draft, log: log).judge()
        explain(text, log)
        PlanAssembly.complete(&draft)
        if log.errorCount == 0, !profiles.isEmpty {
            for violation in PlanInvariants.violations(draft.plan) {
                log.add(at: nil, path: "", "\(violation); such a plan is never used")
            }
        }
        let report = CheckReport(draft)
        for bus in report.buses { bus.warn(in: draft, log) }
        BusTiming.refuseStaleSafety(in: draft)
        let issues = profiles.issues + log.issues.inReadingOrder
        return LoadResult(plan: issues.hasErrors ? nil : draft.plan, issues: issues, report: report)
    }
}
