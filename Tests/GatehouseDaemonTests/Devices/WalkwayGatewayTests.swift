// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseDiagnostics
import GatehouseSimulation
import GatehouseTwins
import Testing

@testable import GatehouseDaemon

/// A turnstile from the card's bytes on one pseudo-terminal to the relay's on another, with a whole gateway between.
@Suite(.serialized) struct WalkwayGatewayTests {
    private let card = CardReaderModel.Tag(version: 0x2A, number: 0x0061_7A69)
    private let stranger = CardReaderModel.Tag(version: 0x0F, number: 0x1234_5678)

    private struct Twins {
        let board: SerialTwin<TurnstileTwinModel>
        let readerIn: SerialTwin<CardReaderModel>
        let readerOut: SerialTwin<CardReaderModel>

        init() throws {
            board = try .turnstile()
            readerIn = try .reader(.rdm6300)
            readerOut = try .reader(.id12)
            board.start()
            readerIn.start()
            readerOut.start()
        }

        func stop() {
            board.stop()
            readerIn.stop()
            readerOut.stop()
        }

        var site: String {
            """
            site: {id: test, time_zone: Asia/Shanghai}
            areas: {main: {}}
            devices:
              board: {profile: waveshare-rtu-io-8ch, at: \(board.path)}
              cards-in: {profile: rdm6300, at: \(readerIn.path)}
              cards-out: {profile: id-12la, at: \(readerOut.path)}
            lanes:
              lobby:
                kind: turnstile
                area: main
                escape_route: true
                reader_in: cards-in
                reader_out: cards-out
                release_in: board.out1
                release_out: board.out2
                hold_in: board.out3
                hold_out: board.out4
                passage_in: board.in1
                passage_out: board.in2
                exit_button: board.in3
                fire_hardwired: {confirmed_by: test, date: 2026-03-02}
            fire: {input: {input: board.in4, contact: normally_closed}, reset: board.in5}

            """
        }
    }

    private func with(_ body: (Twins, RunningGateway) async throws -> Void) async throws {
        let twins = try Twins()
        defer { twins.stop() }
        try await RunningGateway.with(site: twins.site) { running in
            try await until("the unit is ready") { try await phase(running) == "locked" }
            try await body(twins, running)
        }
    }

    private func phase(_ running: RunningGateway) async throws -> String {
        await running.gateway.inspect { $0.walkways[0].phaseName } ?? "stopping"
    }

    private func until(_ what: String, _ holds: () async throws -> Bool) async throws {
        try await awaiting(what, within: .seconds(20)) { try await holds() ? true : nil }
    }

    private func permit(_ text: String, _ running: RunningGateway) async throws {
        let card = try #require(Card(text))
        let answer = try await running.ask(
            #"{"id":1,"request":"permit","action":"set","permit":{"id":0,"card":"\#(card.text)","direction":"both","holder":"Wang"}}"#
        )
        #expect(answer.last?.contains("\"result\"") == true, "\(answer)")
        try await until("the permit is in force") {
            await running.gateway.inspect { $0.directory.isKnown(card) } == true
        }
    }

    private func kinds(_ running: RunningGateway) async throws -> [String] {
        try await running.ask(#"{"id":1,"request":"events","after":0,"limit":500}"#).flatMap {
            line -> [String] in
            line.matches(of: /"kind":"([A-Za-z]+)"/).map { String($0.1) }
        }
    }

    @Test func `a card with a permit turns the unit, a stranger's does not, and both are on record`()
        async throws
    {
        try await with { twins, running in
            try await permit("em40:2A00617A69", running)
            twins.readerIn.with { $0.place(stranger, at: $1) }
            try await until("the stranger is refused") { try await kinds(running).contains("accessDenied") }
            twins.readerIn.with { model, _ in model.takeAway() }
            #expect(twins.board.with { model, _ in model.unit.board.edges } == [])
            twins.readerIn.with { $0.place(card, at: $1) }
            try await until("the unit is released") {
                twins.board.with { model, now in model.unit.isOpen(.in, at: now) }
            }
            #expect(twins.board.with { $0.unit.push(.in, at: $1) })
            try await until("the passage is on record") {
                try await kinds(running).contains("passageCompleted")
            }
            try await until("the unit is locked") { try await phase(running) == "locked" }
            let found = try await kinds(running)
            // The card still lies there: one presentation, one grant, one passage.
            #expect(found.filter { $0 == "cardRead" }.count == 2)
            #expect(found.filter { $0 == "accessGranted" }.count == 1)
            #expect(found.filter { $0 == "passageCompleted" }.count == 1)
            #expect(
                twins.board.with { model, _ in model.unit.board.edges.filter(\.isClosed).map(\.relay) } == [1]
            )
        }
    }
}
