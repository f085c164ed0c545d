// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseCore

/// People with cards, by the same table of rules (access-rules.md §3).
@Suite struct AccessCardTests {
    private let card: Card
    private var world = AccessWorld()

    init() throws {
        card = try #require(Card("em40:2A00617A69"))
        stranger = try #require(Card("em40:0F12345678"))
        world.permits = [Permit(id: 12, credential: .card(card), household: 7)]
    }

    private let stranger: Card

    private func ask(_ direction: TravelDirection) -> AccessRequest { ask(direction, card) }

    private func ask(_ direction: TravelDirection, _ card: Card) -> AccessRequest {
        AccessRequest(lane: LaneID(0), direction: direction, card: card)
    }

    @Test func `a card with a permit enters by the rule that decides last`() throws {
        let decision = try world.decide(ask(.in))
        #expect((decision.verdict, decision.reason, decision.rule) == (.grant, .granted, 18))
        #expect((decision.permit, decision.household) == (12, 7))
        #expect(decision.card == "em40:…7A69")
        #expect(decision.plate == nil)
    }

    @Test func `a card without permit is unknown, also where strange vehicles are admitted`() throws {
        for admits in [true, false] {
            var world = world
            world.plan.admitsTemporary = admits
            let decision = try world.decide(ask(.in, stranger))
            #expect((decision.verdict, decision.reason, decision.rule) == (.deny, .credentialUnknown, 5))
        }
    }

    /// Exact form, not numeric value: the same number cut short is another credential.
    @Test func `a shorter form of a known card is another card`() throws {
        for form in [Card.Form.em24, .em32] {
            let shorter = try #require(card.shortened(to: form))
            let decision = try world.decide(ask(.in, shorter))
            #expect(decision.reason == .credentialUnknown)
        }
    }

    @Test func `an ended, a lapsed, a foreign and an untimely permit each say so`() throws {
        var ended = Permit(id: 12, credential: .card(card))
        ended.endedAt = WallTime(milliseconds: 5)
        var lapsed = Permit(id: 12, credential: .card(card))
        lapsed.validTo = CivilDate(year: 2026, month: 3, day: 1)
        let elsewhere = Permit(id: 12, credential: .card(card), areas: ["east"])
        let never = Permit(id: 12, credential: .card(card), windows: [])
        let cases: [(Permit, ReasonCode, Int)] = [
            (ended, .credentialExpired, 6), (lapsed, .subjectNotValid, 10), (elsewhere, .noGrant, 10),
            (never, .outOfSchedule, 11),
        ]
        for (permit, reason, rule) in cases {
            var world = world
            world.permits = [permit]
            let decision = try world.decide(ask(.in))
            #expect((decision.verdict, decision.reason, decision.rule) == (.deny, reason, rule))
        }
    }

    @Test func `a denial cuts a card's right as it cuts a vehicle's`() throws {
        var world = world
        world.permits.append(Permit(id: 13, credential: .card(card), isDenial: true))
        let decision = try world.decide(ask(.in))
        #expect((decision.verdict, decision.reason) == (.deny, .outOfSchedule))
    }

    /// Rights floor: whoever is inside leaves, whatever became of the card.
    @Test func `nobody is kept, known or not`() throws {
        var ended = Permit(id: 12, credential: .card(card))
        ended.endedAt = WallTime(milliseconds: 5)
        for permits in [[], [ended], [Permit(id: 12, credential: .card(card), windows: [])]] {
            for card in [card, stranger] {
                for isStoreAvailable in [true, false] {
                    var world = world
                    world.permits = permits
                    world.situation.isStoreAvailable = isStoreAvailable
                    let decision = try world.decide(ask(.out, card))
                    #expect((decision.verdict, decision.reason, decision.rule) == (.grant, .exitAlways, 8))
                }
            }
        }
    }

    /// Cars have spaces, quotas and bills; the household's people walk in beside them.
    @Test func `full areas, used-up quotas, arrears and payments are no matter of people`() throws {
        var world = world
        world.area.capacity = 1
        world.area.admitsPermitsWhenFull = false
        world.plan.quotaEntry = .refuse
        world.situation.occupancy = 5
        world.situation.carsInside[7] = 3
        world.situation.isBarredForArrears = true
        world.situation.charge(.due)
        #expect(try world.decide(ask(.in)).reason == .granted)
        #expect(try world.decide(ask(.out)).reason == .exitAlways)
    }

    @Test func `a lane held closed refuses, fire lets everybody through`() throws {
        var world = world
        let closed = AccessRequest(lane: LaneID(0), direction: .in, card: card, isHeldClosed: true)
        #expect(try world.decide(closed).reason == .laneOutOfService)
        world.situation.isFireActive = true
        for direction in [TravelDirection.in, .out] {
            #expect(try world.decide(ask(direction, stranger)).reason == .fireRelease)
        }
    }

    @Test func `without the store permits enter and strangers do not`() throws {
        var world = world
        world.situation.isStoreAvailable = false
        #expect(try world.decide(ask(.in)).verdict == .grant)
        #expect(try world.decide(ask(.in, stranger)).verdict == .deny)
    }

    @Test func `no step of a decision names the whole card`() throws {
        for card in [card, stranger] {
            for direction in [TravelDirection.in, .out] {
                let decision = try world.decide(ask(direction, card))
                let bytes = FieldWriter.object { decision.write(to: &$0, inFull: true) }
                #expect(!String(decoding: bytes, as: UTF8.self).contains(card.text.dropFirst(5)))
            }
        }
    }
}
