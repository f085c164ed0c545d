// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// What a vehicle that waits has to pay, line by line, and what the guard may do about it; the drawer.
struct MoneyPart {
    var session: Sessions.Session
    var zone: ZoneRules
    var press: () -> String

    /// Of a lane where somebody waits for a payment.
    /// - Parameter sights: what was seen of it.
    func charge(
        _ lane: StatusResult.Lane, _ quote: Fields, _ drawer: StatusResult.Drawer?, _ sights: SightsResult?,
        mayAct: Bool
    ) -> HTML {
        let lines = QuoteText.lines(ofRecord: quote, zone: zone).map { line -> HTML in
            "<li>\(line.chinese) <small lang=\"en\">\(line.english)</small></li>"
        }
        let forms = mayAct ? self.forms(lane, quote, drawer) : nil
        let order = lane.waiting.flatMap { waiting in
            waiting.collection.map { collection($0, of: waiting.stay, mayAct: mayAct) }
        }
        return """
            <section class="charge"><h3>\(Term("停车费", "charge").html)</h3>\(sights.flatMap(doubt))<ul class="lines">\(lines)</ul>\(order)\(forms)</section>
            """
    }

    /// Entry and exit do not agree: whoever decides looks at the pictures first.
    private func doubt(_ sights: SightsResult) -> HTML? {
        guard let entry = sights.entry?.plate, let exit = sights.exit?.plate, entry != exit else {
            return nil
        }
        let term = Term(
            "入场识别 \(entry)，出场识别 \(exit)：请核对图片",
            "read \(entry) at the entry, \(exit) here: compare the pictures")
        return "<p class=\"notice\">\(term.html)</p>"
    }

    /// An order that a provider has: how it stands, and whether it is asked about again.
    private func collection(_ order: CollectionLine, of stay: Int64?, mayAct: Bool) -> HTML {
        let again: HTML? = stay.map { stay in
            """
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)"><input type="hidden" name="way" value="\(order.way.rawValue)">
            <button class="secondary" name="action" value="collect">\(Term("再查询", "Ask again").html)</button></form>
            """
        }
        return """
            <p class="notice">\(order.text.chinese) <small lang="en">\(order.text.english)</small></p>\(mayAct ? again : nil)
            """
    }

    private func forms(
        _ lane: StatusResult.Lane, _ quote: Fields, _ drawer: StatusResult.Drawer?
    ) -> HTML? {
        guard let waiting = lane.waiting, let record = waiting.quote, let stay = waiting.stay,
            let due = waiting.due, due > 0
        else { return nil }
        let amount = MoneyWords(currency: quote.text("currency") ?? "CNY").number(Money(due))
        let cash: HTML = """
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="quote" value="\(record)">
            <input name="amount" value="\(amount)" inputmode="decimal" size="8" aria-label="金额 amount">
            <button class="primary" name="action" value="cash">\(Term("收现金", "Take cash").html)</button></form>
            """
        let noDrawer: HTML = """
            <p class="notice">\(Term("开班后才能收现金", "open the drawer to take cash").html)</p>
            """
        return """
            \(drawer?.holder == nil ? noDrawer : cash)
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)">
            <button class="secondary" name="action" value="later">\(Term("先离后付", "Pay later").html)</button></form>
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)">\(Page.reasons(without: [.emergency]))
            <button class="secondary" name="action" value="release">\(Term("免费放行", "Let go free").html)</button></form>
            <details><summary>\(Term("更正与优惠", "correct, reduce").html)</summary>\(corrections(stay, drawer, now: quote.text("class")))</details>
            """
    }

    /// What the charge is reckoned from, as the guard knows it better; the price is made anew.
    /// - Parameter now: the class that the quote was made for.
    private func corrections(_ stay: Int64, _ drawer: StatusResult.Drawer?, now: String?) -> HTML {
        let classes = (drawer?.classes ?? []).map { name -> HTML in
            let words = BilingualText.vehicleClass(name)
            let chosen: HTML? = name == now ? " selected" : nil
            return "<option value=\"\(name)\"\(chosen)>\(Term(words.chinese, words.english).both)</option>"
        }
        let merchants = (drawer?.merchants ?? []).map { merchant -> HTML in
            "<option value=\"\(merchant.word)\">\(merchant.name)</option>"
        }
        return """
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)">
            <label>\(Term("车型", "class").html)<select name="class">\(classes)</select></label>
            <label>\(Term("能源", "energy").html)<select name="energy"><option value="">—</option>\
            <option value="nev">\(Term("新能源", "new energy").both)</option>\
            <option value="ice">\(Term("燃油", "combustion").both)</option></select></label>
            \(Page.reasons(.readError, without: [.emergency]))
            <button class="secondary" name="action" value="classify">\(Term("更正车型", "Correct the class").html)</button></form>
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)">
            <input name="minutes" inputmode="numeric" size="5" placeholder="60" aria-label="分钟 minutes">
            <label>\(Term("商户", "merchant").html)<select name="merchant"><option value="">—</option>\(merchants)</select></label>
            <button class="secondary" name="action" value="coupon">\(Term("减免分钟", "Minutes off").html)</button></form>
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input type="hidden" name="stay" value="\(stay)">\(Page.reasons(.dispute, without: [.emergency]))
            <button class="secondary" name="action" value="dispute">\(Term("有争议，先放行", "Disputed: let it go").html)</button></form>
            """
    }

    func drawer(_ drawer: StatusResult.Drawer, mayAct: Bool) -> HTML {
        let cash = MoneyWords(currency: drawer.currency).text(Money(drawer.cash))
        guard let holder = drawer.holder else {
            let open: HTML = """
                <form class="order" method="post" action="/money">\(Page.marks(session, press()))
                <button class="primary" name="action" value="open_shift">\(Term("开班", "Open the drawer").html)</button></form>
                """
            return "<p>\(Term("钱箱未开", "nobody has the drawer").html)</p>\(mayAct ? open : nil)"
        }
        let close: HTML = """
            <details><summary>\(Term("交班", "hand over").html)</summary>
            <form class="order" method="post" action="/money">\(Page.marks(session, press()))
            <input name="amount" inputmode="decimal" size="8" placeholder="0.00" aria-label="清点金额 counted">
            <input name="note" placeholder="说明 note" maxlength="200">
            <button class="danger" name="action" value="close_shift">\(Term("清点交班", "Count and hand over").html)</button></form>
            </details>
            """
        return """
            <p>\(Term("当班", "on duty").html) <b>\(holder)</b>，\(Term("钱箱", "in the drawer").html) \(cash.chinese)</p>\(mayAct ? close : nil)
            """
    }
}

/// What the guard is told who hands the drawer over.
enum ShiftWords {
    /// Of the record of the count; every currency's amounts look alike, and a drawer has one.
    static func text(_ count: Fields) -> Term? {
        guard let expected = count.number("expected"), let counted = count.number("counted") else {
            return nil
        }
        let words = MoneyWords(currency: "CNY")
        let difference = counted.subtractingReportingOverflow(expected).partialValue
        let amounts = [expected, counted, difference].map { words.number(Money($0)) }
        return Term(
            "应有 \(amounts[0])，实点 \(amounts[1])，差额 \(amounts[2])",
            "expected \(amounts[0]), counted \(amounts[1]), difference \(amounts[2])")
    }
}
