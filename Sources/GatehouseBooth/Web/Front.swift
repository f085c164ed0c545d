// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import Hummingbird

/// Before every answer: is it us whom they called, and does a form come from a page of ours. After every answer: what
/// browsers may do with it.
struct Front: RouterMiddleware {
    let origins: Origins

    func handle(
        _ request: Request, context: BoothContext,
        next: @concurrent (Request, BoothContext) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context, next)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        // Not `no-referrer`: with that, browsers do not say where a form comes from.
        response.headers[.init("Referrer-Policy")!] = "same-origin"
        response.headers[.init("X-Frame-Options")!] = "DENY"
        response.headers[.init("Cross-Origin-Resource-Policy")!] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    private func answer(
        _ request: Request, _ context: BoothContext,
        _ next: @concurrent (Request, BoothContext) async throws -> Response
    ) async throws -> Response {
        guard origins.knows(host: request.head.authority) else {
            return .plain(
                .misdirectedRequest,
                "This page is not called that. Its names stand in booth.names of site.yaml.")
        }
        if request.method == .post,
            !origins.allows(origin: request.headers[.origin], host: request.head.authority)
        {
            return .plain(.forbidden, Words.forged.both)
        }
        do { return try await next(request, context) } catch let error as HTTPError {
            return .plain(error.status, error.status.description)
        }
    }
}

extension Response {
    static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html.text)))
    }

    static func go(to path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }
}
