// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GatehouseCommandLine
import Testing

@testable import gatehoused

@Suite struct ReadmeTests {
    private let english = try? Markdown(Repository.text("README.md"))
    private let chinese = try? Markdown(Repository.text("README.zh-CN.md"))

    @Test func `both READMEs have the same headings, tables, code blocks and commands`() throws {
        let (english, chinese) = (try #require(english), try #require(chinese))
        #expect(english.headings.count >= 8)
        #expect(english.headings == chinese.headings)
        #expect(english.tables.count >= 4)
        #expect(english.tables == chinese.tables)
        #expect(english.codeBlocks == chinese.codeBlocks)
        #expect(english.codeSpans == chinese.codeSpans)
    }

    @Test func `a difference would be noticed`() {
        #expect(Markdown("# A\n| a | b |\n| - | - |\n`x`").tables == [[2, 2]])
        #expect(Markdown("```\nmake demo\n```").codeBlocks != Markdown("```\nmake test\n```").codeBlocks)
        #expect(Markdown("# A\n## B").headings != Markdown("# A\n### B").headings)
    }

    @Test func `links lead to files`() throws {
        for page in ["README.md", "README.zh-CN.md"] {
            for link in Markdown(try Repository.text(page)).links where !link.hasPrefix("http") {
                let file = Repository.root.appending(path: link)
                #expect(FileManager.default.fileExists(atPath: file.path()), "\(page): \(link)")
            }
        }
    }

    @Test func `the two commands are named first`() throws {
        let english = try #require(english)
        #expect(english.codeBlocks.contains { $0.contains("make demo\nmake test") })
    }

    @Test func `exit codes are those of the program`() throws {
        let text = try Repository.text("README.md")
        let rows = text.matches(of: /(?m)^\| (\d+) \|/).compactMap { Int32($0.1) }
        #expect(rows == ExitStatus.allCases.map(\.rawValue))
    }

    @Test func `paths are those of the program`() throws {
        let text = try Repository.text("README.md")
        for path in [Paths.site, Paths.profiles, Paths.socket] {
            #expect(text.contains("`\(path)`"), "\(path)")
        }
    }

    @Test func `commands of the README are understood`() throws {
        let lines = try #require(english).codeBlocks.flatMap { $0.components(separatedBy: "\n") }
        let commands = lines.filter { $0.hasPrefix("gatehouse ") }
        #expect(commands.count >= 4)
        for command in commands {
            let words = command.split(separator: " ").dropFirst().map { String($0) }
            #expect(throws: Never.self, "\(command)") { try GatehouseCommand.parseAsRoot(words) }
        }
    }

    @Test func `every profile stands in the device table`() throws {
        let text = try Repository.text("README.md")
        for path in Repository.files(under: "hardware-profiles", endingIn: [".yaml"])
        where !path.contains("/demo/") {
            let name = String(path.split(separator: "/").last?.dropLast(5) ?? "")
            #expect(text.contains("`\(name)`"), "\(path) is not in the device table")
        }
    }
}
