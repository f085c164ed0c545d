// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseTwins

/// The guard's page as a browser's words, without the browser.
struct BoothPage {
    static let guardName = "li<script>alert(1)</script>"
    static let password = "let me in 123"

    let address: String
    var cookie: String?

    var port: UInt16 { address.split(separator: ":").last.flatMap { UInt16($0.filter(\.isNumber)) } ?? 0 }
    var host: String { "127.0.0.1:\(port)" }

    static func with(
        _ section: String = "booth: {}", secrets: [String: String] = [:],
        prepare: (TwinSite) throws -> Void = { _ in },
        _ body: (TwinSite, BoothPage) throws -> Void
    ) throws {
        try TestSite.with(change: { $0 + "\n\(section)\n" }) { site in
            try prepare(site)
            try site.startDaemon()
            let address = try site.startBooth(guard: guardName, password: password, secrets: secrets)
            try body(site, BoothPage(address: address))
        }
    }

    func get(
        _ path: String, host: String? = nil, headers: [String: String] = [:],
        from source: String = "127.0.0.1"
    ) throws -> PlainHTTP.Answer {
        try send("GET \(path) HTTP/1.1", host, headers, "", from: source)
    }

    func post(
        _ path: String, _ fields: [String: String], origin: String?, headers: [String: String] = [:]
    ) throws -> PlainHTTP.Answer {
        var headers = headers
        headers["Origin"] = origin
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = fields.map { "\($0.key)=\(Self.encoded($0.value))" }.joined(separator: "&")
        return try send("POST \(path) HTTP/1.1", nil, headers, body)
    }

    mutating func logIn(_ password: String = password) throws -> PlainHTTP.Answer {
        let answer = try post(
            "/login", ["name": Self.guardName, "password": password], origin: "http://\(host)")
        if let set = answer.headers["set-cookie"] { cookie = String(set.prefix { $0 != ";" }) }
        return answer
    }

    /// The value of a hidden field of the form for a lane's usual orders.
    func mark(_ name: String, in page: String, lane: String) throws -> String {
        guard let lane = page.range(of: "name=\"lane\" value=\"\(lane)\"") else {
            throw TwinError("the page offers no order for \(lane): \(page)")
        }
        let form = page[..<lane.lowerBound]
        guard let field = form.range(of: "name=\"\(name)\" value=\"", options: .backwards) else {
            throw TwinError("no field \(name)")
        }
        return String(form[field.upperBound...].prefix { $0 != "\"" })
    }

    private func send(
        _ line: String, _ host: String?, _ headers: [String: String], _ body: String,
        from source: String = "127.0.0.1"
    ) throws -> PlainHTTP.Answer {
        var lines = [line, "Host: \(host ?? self.host)", "Connection: close"]
        lines += headers.map { "\($0.key): \($0.value)" }
        if let cookie { lines.append("Cookie: \(cookie)") }
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
        guard let answer = PlainHTTP.exchange(Array(request.utf8), from: source, port: port, patience: 20)
        else {
            throw TwinError("\(line): no answer")
        }
        return answer
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let digits = String(byte, radix: 16)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
