// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseDiagnostics

/// What a vehicle that waits has to pay, line by line, and what the guard may do about it; the drawer.
struct MoneyPart {
    var session: Sessions.Session
    var zone: ZoneRules
    var press: () -> String

    /// Of a lane where somebody waits for a payment.
    func charge(_ lane: StatusResult.Lane, _ quote: Fields, _ drawer: StatusResult.Drawer?, mayAct: Bool)
        -> HTML
    {
        let lines = QuoteText.lines(ofRecord: quote, zone: zone).map { line -> HTML in
            "<li>\(line.chinese) <small lang=\"en\">\(line.english)</small></li>"
        }
        let forms = mayAct ? self.forms(lane, quote, drawer) : nil
        return """
            <section class="charge"><h3>\(Term("停车费", "charge").html)</h3><ul class="lines">\(lines)</ul>\(forms)</section>
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
