// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

extension Field {
    /// The device of this kind that is named here; one whose profile cannot be read is believed.
    func device(_ kind: DriverDescription.Kind, among devices: [DeviceDraft]) -> DeviceID? {
        let noun = kind == .reader ? "card reader" : kind.rawValue
        guard let name = raw(expecting: "the name of a \(noun)") else { return nil }
        let names = devices.filter { $0.profile == nil || $0.profile?.kind == kind }.map(\.name)
        guard let index = devices.firstIndex(where: { $0.name == name }) else {
            let known =
                names.isEmpty
                ? "a \(noun) is a device of its own, with profile and at"
                : "known: \(names.joined(separator: ", "))"
            error(
                "no such device", found: name,
                hint: nearest(to: name, among: names).map { "did you mean \($0)?" } ?? known)
            return nil
        }
        if let profile = devices[index].profile, profile.kind != kind {
            error("\(name) is not a \(noun) (profile \(profile.name))", found: name)
            return nil
        }
        return DeviceID(index)
    }
}
