// SPDX-License-Identifier: Apache-2.0

import GatehouseCore

struct AreasSection {
    func read(_ reader: MappingReader) -> [AreaPlan] {
        reader.entries.map { entry in
            nameIsUsable(entry, reader.log)
            var area = AreaPlan(name: entry.key)
            guard let details = entry.field.mapping() else { return area }
            area.capacity = details.optional("capacity")?.integer(in: 1...100_000)
            let reserve = details.optional("reserve")
            area.reserve = reserve?.integer(in: 0...100_000) ?? 0
            if let capacity = area.capacity, area.reserve > capacity {
                reserve?.error("the reserve exceeds the capacity of \(capacity)", found: String(area.reserve))
            }
            if area.capacity == nil, area.reserve > 0 {
                reserve?.error("a reserve needs a capacity", found: String(area.reserve))
            }
            area.admitsPermitsWhenFull = details.optional("admits_permits_when_full")?.flag() ?? true
            details.finish()
            return area
        }
    }
}
