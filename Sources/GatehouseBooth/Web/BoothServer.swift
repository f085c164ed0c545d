// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import GatehouseCore
internal import GatehouseDiagnostics
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Every path of the page and what answers it.
final class BoothServer: Sendable {
    /// A form; the longest has a note of 200 characters.
    private static let maximumBody = 8 << 10
    static let cookie = "gatehouse_booth"

    private let settings: BoothSettings
    private let link: DaemonLink
    private let keeper: BoardKeeper
    private let sessions = Sessions()
    private let presses = Presses()
    private let throttle = Mutex(LoginThrottle())
    /// One guess at a time: each takes memory and time.
    private let guesses = DispatchQueue(label: "passwords")

    init(settings: BoothSettings, link: DaemonLink, keeper: BoardKeeper) {
        self.settings = settings
        self.link = link
        self.keeper = keeper
    }

    func router(origins: Origins) -> Router<BoothContext> {
        let router = Router(context: BoothContext.self)
        router.addMiddleware { Front(origins: origins) }
        router.get("/booth.css") { _, _ in Self.asset(Assets.style, "text/css") }
        router.get("/booth.js") { _, _ in Self.asset(Assets.script, "text/javascript") }
        router.get("/metrics") { [self] request, context in await metrics(request, context) }
        router.get("/login") { [self] _, _ in Response.page(Page.login(site: await siteName())) }
        router.post("/login") { [self] request, context in try await logIn(request, context) }
        router.post("/logout") { [self] request, _ in try await logOut(request) }
        router.get("/") { [self] request, _ in await board(request) }
        router.get("/live") { [self] request, _ in await live(request) }
        router.get("/stays") { [self] request, _ in await stays(request) }
        router.get("/picture/:hash") { [self] request, context in
            await picture(request, context.parameters.get("hash") ?? "")
        }
        router.post("/lane") { [self] request, _ in try await order(request, back: "/", Orders.lane) }
        router.post("/money") { [self] request, _ in try await order(request, back: "/", Orders.money) }
        router.post("/stay") { [self] request, _ in try await order(request, back: "/stays", Orders.stay) }
        router.post("/recount") { [self] request, _ in
            try await order(request, back: "/stays", Orders.recount)
        }
        return router
    }

    private static func asset(_ text: String, _ type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "\(type); charset=utf-8", .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func siteName() async -> String {
        link.hello?.site ?? "Gatehouse"
    }

    // MARK: Who

    private func token(_ request: Request) -> String? { request.cookies[Self.cookie]?.value }

    private func session(_ request: Request) -> Sessions.Session? {
        token(request).flatMap { sessions.find($0, at: BoothClock.uptime) }
    }

    private func form(_ request: Request) async throws -> Form? {
        let body = try await withTimeout(.seconds(10)) {
            try await request.body.collect(upTo: Self.maximumBody)
        }
        return body.flatMap { Form(Array($0.readableBytesView)) }
    }

    private func logIn(_ request: Request, _ context: BoothContext) async throws -> Response {
        guard let form = try await form(request) else { return .plain(.badRequest, "no form") }
        let name = form["name"]
        let password = form.exactly("password")
        let now = BoothClock.uptime
        if let wait = throttle.withLock({ $0.attempt(from: context.address, at: now) }) {
            let seconds = wait.components.seconds + 1
            let text = Term("尝试次数过多，请 \(seconds) 秒后再试", "too many attempts: try again in \(seconds) s")
            var response = Response.page(
                Page.login(site: await siteName(), said: text.both), status: .tooManyRequests)
            response.headers[.retryAfter] = String(seconds)
            return response
        }
        guard password.utf8.count <= 1024, await isRight(password, of: name) else {
            context.logger.warning("login refused", metadata: ["from": "\(context.address)"])
            let text = Term("姓名或密码有误", "name or password is wrong")
            return .page(Page.login(site: await siteName(), said: text.both), status: .forbidden)
        }
        if let old = token(request) { sessions.end(old) }
        var response = Response.go(to: "/")
        // No `Secure`: on the loopback and in a guards' network there is no TLS of ours.
        response.setCookie(
            Cookie(
                name: Self.cookie, value: sessions.begin(name, at: BoothClock.uptime), path: "/",
                httpOnly: true, sameSite: .strict))
        context.logger.notice("logged in", metadata: ["guard": "\(name)", "from": "\(context.address)"])
        return response
    }

    private func isRight(_ password: String, of name: String) async -> Bool {
        await withCheckedContinuation { continuation in
            guesses.async { [settings] in
                continuation.resume(returning: settings.guards.isRight(password, of: name))
            }
        }
    }

    private func logOut(_ request: Request) async throws -> Response {
        guard let session = session(request), let form = try await form(request),
            Secret.isEqual(form["csrf"], session.csrf)
        else { return .go(to: "/login") }
        if let token = token(request) { sessions.end(token) }
        var response = Response.go(to: "/login")
        response.setCookie(
            Cookie(name: Self.cookie, value: "", maxAge: 0, path: "/", httpOnly: true, sameSite: .strict))
        return response
    }

    // MARK: Looking

    private func page(_ session: Sessions.Session) -> BoardPage {
        BoardPage(session: session, zone: settings.zone) { [presses] in
            presses.mark(for: session, at: BoothClock.uptime)
        }
    }

    private func board(_ request: Request) async -> Response {
        guard let session = session(request) else { return .go(to: "/login") }
        let snapshot = await keeper.now()
        let isLive = snapshot.isLive(at: BoothClock.uptime)
        return .page(
            page(session).whole(snapshot, isLive: isLive, said: sessions.takeSaid(to: session)))
    }

    /// The board when it is another than the asker's, or after a moment that nothing changed. Only what the daemon said
    /// just now is an answer.
    private func live(_ request: Request) async -> Response {
        guard let session = session(request) else { return .plain(.unauthorized, "log in") }
        let version = request.uri.queryParameters["after"].flatMap { Int($0) } ?? -1
        let snapshot = await keeper.next(after: version)
        guard snapshot.isLive(at: BoothClock.uptime) else {
            return .plain(.serviceUnavailable, Words.notHeard.both)
        }
        guard snapshot.version != version else { return Response(status: .noContent) }
        var response = Response.page(page(session).board(snapshot))
        response.headers[.boardVersion] = String(snapshot.version)
        return response
    }

    private func stays(_ request: Request) async -> Response {
        guard let session = session(request) else { return .go(to: "/login") }
        let search = String((request.uri.queryParameters["q"].map(String.init) ?? "").prefix(32))
        do throws(Failure) {
            let status = try await link.ask(.status, as: StatusResult.self)
            let result = try await link.ask(.stay(.list(all: true)), as: StayListResult.self)
            var sights: [Int64: SightsResult] = [:]
            for exit in result.unmatchedExits.suffix(StaysPage.maximum) {
                for record in [exit.record] + exit.candidates.prefix(4).map(\.stay)
                where sights[record] == nil {
                    sights[record] = try? await link.ask(.sights(record), as: SightsResult.self)
                }
            }
            let page = StaysPage(
                session: session, zone: settings.zone,
                press: { [presses] in presses.mark(for: session, at: BoothClock.uptime) },
                mayRepair: (link.hello?.authority ?? .observe) >= .guard)
            return .page(
                page.whole(
                    result, areas: status.areas, search: search, site: status.process.site,
                    said: sessions.takeSaid(to: session), sights: sights))
        } catch {
            return .page(
                Page.message(Words.failure(error), site: await siteName()), status: .serviceUnavailable)
        }
    }

    private func picture(_ request: Request, _ hash: String) async -> Response {
        guard session(request) != nil else { return .plain(.unauthorized, "log in") }
        guard Hexadecimal.isDigest(hash) else { return .plain(.notFound, "no such picture") }
        do throws(Failure) {
            let picture = try await link.ask(.picture(hash), within: .seconds(10), as: PictureResult.self)
            guard let type = picture.mediaType else { return .plain(.notFound, "that is no picture") }
            return Response(
                status: .ok,
                // Its name is its content: it never changes. In the browser of a guard only.
                headers: [.contentType: type, .cacheControl: "private, max-age=3600, immutable"],
                body: .init(byteBuffer: ByteBuffer(bytes: picture.bytes)))
        } catch {
            return .plain(error.code == "not_found" ? .notFound : .serviceUnavailable, error.message)
        }
    }

    private func metrics(_ request: Request, _ context: BoothContext) async -> Response {
        let isAllowed =
            if let token = settings.metricsToken {
                Secret.isEqual(request.headers[.authorization] ?? "", "Bearer \(token)")
            } else {
                context.isOfThisMachine
            }
        guard isAllowed else {
            return .plain(.unauthorized, "metrics need the bearer token of booth.metrics_token")
        }
        let status = try? await link.ask(.status, within: .seconds(3), as: StatusResult.self)
        let text = GatewayMetrics.text(status, sessions: sessions.count)
        return Response(
            status: .ok,
            headers: [.contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    // MARK: Acting

    private func order(
        _ request: Request, back: String,
        _ read: @Sendable (Form) throws(Orders.Mistake) -> DiagnosticRequest
    ) async throws -> Response {
        guard let session = session(request) else {
            return Self.wantsText(request) ? .plain(.unauthorized, "log in") : .go(to: "/login")
        }
        guard let form = try await form(request), Secret.isEqual(form["csrf"], session.csrf) else {
            return .plain(.forbidden, Words.forged.both)
        }
        let answer: PressAnswer
        do throws(Orders.Mistake) {
            let order = try read(form)
            answer = await presses.press(
                form["press"], "\(request.uri.path) \(form.order)", by: session, at: BoothClock.uptime
            ) { [link] in
                await Self.give(order, by: session.name, link)
            }
        } catch {
            answer = PressAnswer(isDone: false, text: error.term.both)
        }
        if Self.wantsText(request) { return .plain(answer.isDone ? .ok : .conflict, answer.text) }
        sessions.say(answer.text, to: session)
        return .go(to: back)
    }

    private static func wantsText(_ request: Request) -> Bool { request.headers[.accept] == "text/plain" }

    private static func give(
        _ order: DiagnosticRequest, by name: String, _ link: DaemonLink
    ) async -> PressAnswer {
        do throws(Failure) {
            let done = try await link.ask(order, for: name, within: .seconds(10), as: OrderResult.self)
            var said = [Term("已执行，记录 \(done.record)", "done, record \(done.record)")]
            if case .money(.closeShift) = order {
                let query = EventQuery(after: done.record - 1, kinds: ["shiftClosed"], limit: 1)
                let count = try? await link.events(query).first?.fields
                if let words = count.flatMap({ ShiftWords.text($0) }) { said.append(words) }
            }
            return PressAnswer(isDone: true, text: said.map(\.both).joined(separator: " · "))
        } catch {
            return PressAnswer(isDone: false, text: Words.failure(error))
        }
    }
}

extension HTTPField.Name {
    fileprivate static let boardVersion = HTTPField.Name("X-Board-Version")!
}

/// nil: it took longer.
private func withTimeout<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
