// SPDX-License-Identifier: Apache-2.0

/// What a board is to show, line by line, and to say once.
package struct DisplayContent: Hashable, Sendable {
    package enum Color: Hashable, Sendable { case red, green, yellow }

    package struct Line: Hashable, Sendable {
        package var text: String
        package var color: Color

        package init(_ text: String, _ color: Color) {
            self.text = text
            self.color = color
        }
    }

    /// What a phone reads off the board, and the words beside it.
    package struct Code: Hashable, Sendable {
        package var text: String
        package var words: String

        package init(_ text: String, words: String) {
            self.text = text
            self.words = words
        }
    }

    package var lines: [Line]
    /// Stands in the place of the lines, on a board that can draw it.
    package var code: Code?
    /// Spoken once, when it is new; commas separate phrases.
    package var voice: String?

    package init(_ lines: [Line], code: Code? = nil, voice: String? = nil) {
        self.lines = lines
        self.code = code
        self.voice = voice
    }
}

/// What a board's session wants done or tells.
package enum DisplayOutput: Hashable, Sendable {
    /// Put these bytes on the line now.
    case write([UInt8])
    case faultRaised(DeviceFault)
    case faultCleared(code: String)
}
