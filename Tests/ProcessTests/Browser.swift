// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseTwins

/// Headless Chromium, through `browser.py`: one call at a time, each answered before the next.
final class Browser {
    static let program = "/usr/bin/chromium"
    static var isHere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    private let process = Process()
    private let orders = Pipe()
    private let answers = Pipe()
    private var pending = Data()

    /// - Parameter folder: for the browser's profile; whoever made it removes it.
    init(folder: String) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Browser/browser.py"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, Self.program, "\(folder)/browser"]
        process.standardInput = orders
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = try answer(to: "the start")
    }

    func close() {
        try? orders.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        let order = try JSONSerialization.data(withJSONObject: ["method": method, "params": parameters])
        try orders.fileHandleForWriting.write(contentsOf: order + [0x0A])
        return try answer(to: method)
    }

    /// Every address that was asked for.
    func urls() throws -> [String] { try call("urls")["urls"] as? [String] ?? [] }

    func size(width: Int, height: Int, isPhone: Bool = false) throws {
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": isPhone])
    }

    func go(to address: String) throws {
        try call("Page.navigate", ["url": address])
        try wait(for: "\(address) to be loaded") { "document.readyState === 'complete'" }
    }

    /// The value of an expression of the page's script; a promise is awaited.
    func value(_ expression: String) throws -> Any? {
        let result = try call(
            "Runtime.evaluate",
            ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let trouble = result["exceptionDetails"] { throw TwinError("\(expression): \(trouble)") }
        return (result["result"] as? [String: Any])?["value"]
    }

    func text(_ selector: String) throws -> String {
        try value("document.querySelector(\(Self.quoted(selector)))?.innerText ?? ''") as? String ?? ""
    }

    func wait(for what: String, within limit: Duration = .seconds(20), _ condition: () -> String) throws {
        let expression = condition()
        do {
            try waiting(for: what, within: limit) { () -> Bool? in
                // While a page gives way to the next there is none to ask.
                (try? value("!!(\(expression))")) as? Bool == true ? true : nil
            }
        } catch {
            let page = (try? value("document.body.innerText")) as? String ?? ""
            throw TwinError("\(error)\nthe page says:\n\(page.prefix(3000))")
        }
    }

    func type(_ text: String, into selector: String) throws {
        _ = try value("document.querySelector(\(Self.quoted(selector))).focus()")
        try call("Input.insertText", ["text": text])
    }

    /// As a finger or a mouse does, so many times at once.
    func click(_ selector: String, times: Int = 1) throws {
        let place = "document.querySelector(\(Self.quoted(selector)))"
        _ = try value("\(place).scrollIntoView({block: 'center'})")
        let box = try value(
            "(() => { const b = \(place).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()"
        )
        guard let centre = box as? [Double], centre.count == 2 else { throw TwinError("no \(selector)") }
        for count in 1...times {
            for kind in ["mousePressed", "mouseReleased"] {
                try call(
                    "Input.dispatchMouseEvent",
                    ["type": kind, "x": centre[0], "y": centre[1], "button": "left", "clickCount": count])
            }
        }
    }

    /// Into the folder that `GATEHOUSE_SCREENSHOTS` names, if it does.
    func shoot(_ name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["GATEHOUSE_SCREENSHOTS"] else { return }
        let height = try value("Math.min(document.documentElement.scrollHeight, 4000)") as? Int ?? 900
        let width = try value("window.innerWidth") as? Int ?? 1280
        let answer = try call(
            "Page.captureScreenshot",
            [
                "format": "png", "captureBeyondViewport": true,
                "clip": ["x": 0, "y": 0, "width": width, "height": height, "scale": 1],
            ])
        let picture = Data(base64Encoded: answer["data"] as? String ?? "") ?? Data()
        try picture.write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    }

    static func quoted(_ text: String) -> String {
        let data = (try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    private func answer(to what: String) throws -> [String: Any] {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                let line = pending[..<end]
                pending = Data(pending[(end + 1)...])
                let answer = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
                if let error = answer["error"] { throw TwinError("\(what): \(error)") }
                return answer["result"] as? [String: Any] ?? [:]
            }
            let part = answers.fileHandleForReading.availableData
            guard !part.isEmpty else { throw TwinError("\(what): the browser is gone") }
            pending += part
        }
    }
}
