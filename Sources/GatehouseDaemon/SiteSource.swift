// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GatehouseConfig
internal import GatehouseCore
internal import GatehouseDrivers
internal import GatehouseProof

/// The site file and its profiles, as the daemon reads them at start and at every reload.
struct SiteSource: Sendable {
    let options: DaemonOptions

    struct Loaded: Sendable {
        var plan: SitePlan
        /// SHA-256 of the site file, in the records that say which plan was in force.
        var hash: String
    }

    enum Failure: Error {
        case refused([ConfigIssue])
    }

    /// The plan, or all that is wrong with it. Warnings are returned beside it.
    func load() throws(Failure) -> (Loaded, warnings: [ConfigIssue]) {
        let result = SiteLoader.load(
            path: options.site, profilesFolder: options.profiles, drivers: DriverCatalog.descriptions)
        guard var plan = result.plan, !result.issues.hasErrors else { throw .refused(result.issues) }
        if let folder = options.stateFolder { plan.journal.folder = folder }
        if let socket = options.socket { plan.network.diagnosticsSocket = socket }
        // A bill says by which text it was reckoned.
        plan.pricing?.nameTexts { "\(Digest(of: Array($0.utf8)))" }
        let bytes = (try? Data(contentsOf: URL(filePath: options.site))).map(Array.init) ?? []
        return (Loaded(plan: plan, hash: "\(Digest(of: bytes))"), result.issues)
    }
}
