// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseSync
internal import GatehouseTransport

/// Over HTTP, on an address of this machine: `POST /quote`, `/payment`, `/cancel`, `/collection`, `/orders`.
extension PaymentService {
    private static let signature = "gatehouse-signature"

    private static var limits: PushLimits {
        var limits = PushLimits()
        limits.connections = 32
        limits.connectionsPerPeer = 32
        limits.body = PaymentCall.largestBody
        limits.bodies = 64 * PaymentCall.largestBody
        return limits
    }

    func listener(at address: String) -> SupervisedListener {
        let (host, port) = Gateway.listenAddress(address)
        var service = PushService(
            admit: { request in
                guard PaymentWord(path: request.path) != nil else { return 404 }
                return request.method == "POST" ? nil : 405
            },
            receive: { [self] request, reply in receive(request, reply) })
        service.headers = [Self.signature]
        service.left = { [desk] in desk.left($0) }
        return SupervisedListener(.paymentChannel, at: address, inbox: gateway.inbox) {
            [gateway, service] in
            try await HTTPPushListener.bind(
                host: host, port: port, loop: gateway.loops.diagnostics, limits: Self.limits, service: service
            )
        }
    }

    private func receive(_ request: PushRequest, _ reply: @escaping @Sendable (PushReply) -> Void) {
        let answer = { @Sendable (answer: PaymentReply) in
            var push = PushReply(status: answer.status, contentType: "application/json", body: answer.body)
            push.headers[Self.signature] = answer.signature
            reply(push)
        }
        guard let word = PaymentWord(path: request.path) else { return reply(PushReply(status: 404)) }
        guard isSigned(word, request.body, by: request.headers[Self.signature]) else {
            noteStranger("HTTP from \(request.peer)")
            return answer(
                PaymentReply(PaymentFault(.unauthorized, "Gatehouse-Signature is not of this body")))
        }
        receive(word, request.body, by: request.connection, answer)
    }
}
