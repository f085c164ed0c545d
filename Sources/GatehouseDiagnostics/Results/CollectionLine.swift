// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// An order that a provider has and has not settled.
package struct CollectionLine: ResultValue {
    package var order: Int64
    package var way: PaymentWay
    /// Minor units.
    package var amount: Int64
    package var currency: String
    package var state: CollectionState
    /// What may be said of a code that was shown.
    package var code: String?

    package init(_ open: OpenCollection) {
        order = open.number.number
        way = open.order.way
        amount = open.order.amount.minorUnits
        currency = open.order.currency
        state = open.state
        code = open.order.mark
    }

    package func write(to fields: inout FieldWriter) {
        fields.put("order", order)
        fields.put("way", way.rawValue)
        fields.put("amount", amount)
        fields.put("currency", currency)
        fields.put("state", state.rawValue)
        fields.put("code", ifPresent: code)
    }

    package init(from fields: Fields) throws(FieldError) {
        order = try fields.integer("order")
        way = try fields.word("way", as: PaymentWay.self)
        amount = try fields.integer("amount")
        currency = try fields.string("currency")
        state = try fields.word("state", as: CollectionState.self)
        code = try fields.stringIfPresent("code")
    }

    /// For whoever stands at the booth and has to decide.
    package var text: BilingualText {
        let amount = MoneyWords(currency: currency).text(Money(amount))
        let (chinese, english) =
            switch state {
            case .asked: ("已请求扣款,等待结果", "asked for, no result yet")
            case .confirming: ("用户正在手机上确认", "the user confirms on the phone")
            case .unknown: ("结果未知:可欠费放行、收现金或再查询", "result unknown: let pay later, take cash, or ask again")
            case .reversing: ("正在撤销,撤销前不会再次扣款", "being reversed; nothing else is charged before that")
            }
        return BilingualText(
            "扣款单 \(order) (\(way.rawValue)) \(amount.chinese):\(chinese)",
            "order \(order) (\(way.rawValue)) \(amount.english): \(english)")
    }
}
