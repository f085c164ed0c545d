// SPDX-License-Identifier: Apache-2.0

import GatehouseConfig
import Testing

struct LookAlikeTests {
    /// Line, column and text of what is said of characters.
    private func said(_ text: String) -> [String] {
        TestSites.read(text).issues.filter { $0.text.contains("U+") || $0.text.contains("a tab") }
            .map { "\($0.line):\($0.column) \($0.found ?? "") \($0.message)" }
    }

    private func site(_ line: String, _ instead: String) -> String {
        let sound = TestSites.site()
        #expect(sound.contains(line))
        return sound.replacing(line, with: instead, maxReplacements: 1)
    }

    @Test func `a full-width colon or comma is named where it stands`() {
        let colon = "site： {id: test, time_zone: Asia/Shanghai}"
        #expect(
            said(site("site: {id: test, time_zone: Asia/Shanghai}", colon)) == [
                "1:5 ： that is U+FF1A, text to YAML, and not :"
            ])
        let comma = site("capacity: 20, reserve", "capacity: 20，reserve")
        #expect(said(comma) == ["2:28 ， that is U+FF0C, text to YAML, and not ,"])
    }

    @Test func `a full-width hyphen in a name, and blanks that are none`() {
        #expect(
            said(site("id: test,", "id: north－1,")) == ["1:17 － that is U+FF0D, text to YAML, and not -"])
        #expect(
            said(site("areas: {main:", "areas:\u{00A0}{main:")).first
                == "2:7  a blank that is none to YAML (U+00A0)")
        #expect(
            said(site("  more: {profile", "\u{3000}\u{3000}more: {profile")).prefix(2).map { $0.prefix(6) }
                == ["5:1  a", "5:2  a"])
    }

    @Test func `a tab in front is a tab`() {
        #expect(
            said(site("  more: {profile", "\tmore: {profile")) == [
                "5:1  a tab; YAML indents with blanks"
            ])
    }

    @Test func `in comments, in quotes and where nothing is wrong they are as good as any`() {
        let text = site("    kind: entry", "    kind: entry # 北门：进，出")
        #expect(TestSites.read(text).plan != nil && said(text) == [])
        let wrong = site("    kind: entry", "    kind: \"进，\" # 北门：进")
        #expect(TestSites.read(wrong).plan == nil && said(wrong) == [])
    }

    @Test func `every truncation of such a file ends in issues and no trap`() {
        let text = "site：{id: a}\n\t\u{00A0}b: “c”，'d\n"
        for length in 0...text.unicodeScalars.count {
            let part = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))
            #expect(TestSites.read(part).issues.hasErrors)
        }
    }
}
