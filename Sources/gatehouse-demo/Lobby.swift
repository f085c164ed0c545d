// SPDX-License-Identifier: Apache-2.0

import GatehouseCore
import GatehouseSimulation
import GatehouseTwins

/// The turnstile in the lobby, and people with cards before it.
struct Lobby: Sendable {
    static let name = "lobby"

    let site: TwinSite

    private static let limit = Duration.seconds(15)

    /// A card is held to the reader until the gateway has an answer, then taken away.
    private func present(_ card: CardReaderModel.Tag, until kind: String) throws {
        let before = try site.records().last?.number ?? 0
        site.reader.with { $0.place(card, at: $1) }
        defer { site.reader.with { model, _ in model.takeAway() } }
        try waiting(for: "\(kind) at \(Self.name)", within: Self.limit) {
            try site.records().contains {
                $0.number > before && $0.kind == kind && $0.lane == Self.name
            } ? true : nil
        }
    }

    func pass(_ card: CardReaderModel.Tag) throws {
        try present(card, until: "accessGranted")
        try waiting(for: "the turnstile to give way", within: Self.limit) {
            site.turnstile.with { $0.unit.isOpen(.in, at: $1) } ? true : nil
        }
        guard site.turnstile.with({ $0.unit.push(.in, at: $1) }) else {
            throw TwinError("the turnstile did not turn for a card with a permit")
        }
        say("  \(Self.name): the arm turns, one person is in · 闸机转动,一人进入")
    }

    func refuse(_ card: CardReaderModel.Tag) throws {
        try present(card, until: "accessDenied")
        guard !site.turnstile.with({ $0.unit.push(.in, at: $1) }) else {
            throw TwinError("the turnstile turned for a card without a permit")
        }
        say("  \(Self.name): pushed in vain · 推不动")
    }
}
