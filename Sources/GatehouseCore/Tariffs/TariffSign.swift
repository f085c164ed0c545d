// SPDX-License-Identifier: Apache-2.0

/// The sign that must hang at the gate (明码标价, §11), made from the tariff itself, so that board and bill cannot differ.
package struct TariffSign: Sendable {
    private let tariff: Tariff
    private let words: RateWords
    private let terms: TariffTerms

    package init(_ tariff: Tariff) {
        self.tariff = tariff
        words = RateWords(money: MoneyWords(currency: tariff.currency))
        terms = TariffTerms(words: words)
    }

    private var rules: TariffRules { tariff.rules }

    /// `contact`: the operator's name and telephone, which no tariff holds.
    package func lines(contact: String?) -> [BilingualText] {
        let head = [
            BilingualText("停车收费公示", "Parking charges"),
            BilingualText(
                "方案 \(tariff.id) 第\(tariff.version)版 (\(tariff.zone))",
                "tariff \(tariff.id), version \(tariff.version) (\(tariff.zone))"),
        ]
        let foot = [
            BilingualText(
                "法定免费: 军车、警车、消防车、救护车、抢险救灾车",
                "free by law: military, police, fire, ambulance and rescue vehicles"),
            BilingualText(
                "咨询投诉: \(contact ?? "请填写经营者与电话")  价格举报: 12315",
                "questions and complaints: \(contact ?? "operator and telephone to be filled in"); price hotline: 12315"
            ),
        ]
        return head + terms.all(rules).flatMap(\.lines) + multiplied + own + noEntry + foot
    }

    // MARK: Classes

    /// A class with keys of its own is shown with its prices as they are.
    private var multiplied: [BilingualText] {
        rules.multipliers.inOrder.filter { tariff.rulesOfClass[$0.key] == nil }.map { entry in
            let name = words.vehicleClass(entry.key)
            let ratio = words.ratio(entry.value)
            return BilingualText(
                "\(name.chinese): 各项价格与封顶的\(ratio)倍", "\(name.english): \(ratio) times each price and cap")
        }
    }

    /// Of each class with keys of its own, every term that is not as above.
    private var own: [BilingualText] {
        let common = terms.all(rules)
        return tariff.rulesOfClass.inOrder.flatMap { entry -> [BilingualText] in
            let name = words.vehicleClass(entry.key)
            let billed = (try? tariff.rules(of: entry.key)) ?? entry.value
            let different = zip(terms.all(billed), common).filter { $0.lines != $1.lines }.map(\.0)
            return (different.flatMap(\.shown) + apart(billed)).map {
                BilingualText("\(name.chinese): \($0.chinese)", "\(name.english): \($0.english)")
            }
        }
    }

    /// What no sign has room for.
    private func apart(_ rules: TariffRules) -> [BilingualText] {
        var what: [BilingualText] = []
        if rules.calendar != self.rules.calendar { what.append(BilingualText("节假日", "holidays")) }
        if rules.permit != self.rules.permit { what.append(BilingualText("月租车", "permits")) }
        if rules.coupons != self.rules.coupons { what.append(BilingualText("优惠券", "coupons")) }
        guard !what.isEmpty else { return [] }
        return [
            BilingualText(
                "\(what.map(\.chinese).joined(separator: "、"))另有规定",
                "\(what.map(\.english).joined(separator: ", ")) by rules of their own")
        ]
    }

    // MARK: No entry

    /// Of every class (§6.6).
    private var noEntry: [BilingualText] {
        guard let amount = rules.noEntryAmount.map(words.money.text) else { return [] }
        return [
            BilingualText(
                "无入场记录的,按\(amount.chinese)收取", "without a record of the entry: \(amount.english)")
        ]
    }
}
