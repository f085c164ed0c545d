// SPDX-License-Identifier: Apache-2.0

/// One question a line, one answer a line. Enter takes what stands in brackets; a wrong answer is told why and
/// asked again.
struct Interview {
    struct Ended: Error {
        /// The question that nobody answered.
        var question: String
    }

    /// The next line without its end; nil: there is none.
    let answer: () -> String?
    let say: (String) -> Void

    /// - Parameter read: the value, or in words why the answer is none.
    func ask<Value>(
        _ question: String, _ fallback: String?, read: (String) -> Result<Value, Wrong>
    ) throws(Ended) -> Value {
        let brackets = fallback.map { " [\($0)]" } ?? ""
        while true {
            say("\(question)\(brackets): ")
            guard let line = answer() else { throw Ended(question: question) }
            let typed = line.drop { $0 == " " || $0 == "\t" }
            let trimmed = String(typed.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
            switch read(trimmed.isEmpty ? fallback ?? "" : trimmed) {
            case .success(let value): return value
            case .failure(let wrong): say("  \(wrong.why)\n")
            }
        }
    }

    struct Wrong: Error {
        var why: String
    }

    func word(
        _ question: String, _ fallback: String?, unless wrong: (String) -> String?
    ) throws(Ended) -> String {
        try ask(question, fallback) { text in
            if text.isEmpty { return .failure(Wrong(why: "an answer is needed here")) }
            return wrong(text).map { .failure(Wrong(why: $0)) } ?? .success(text)
        }
    }

    func number(
        _ question: String, _ fallback: Int, in range: ClosedRange<Int>
    ) throws(Ended) -> Int {
        try ask(question, "\(fallback)") { text in
            guard let number = Int(text), range.contains(number) else {
                return .failure(
                    Wrong(why: "\"\(text)\": a number from \(range.lowerBound) to \(range.upperBound)"))
            }
            return .success(number)
        }
    }

    /// One of these, by its word or its number in the list.
    func choice(_ question: String, _ fallback: String, of words: [String]) throws(Ended) -> String {
        let listed = words.enumerated().map { "  \($0 + 1) \($1)" }.joined(separator: "\n")
        return try ask("\(listed)\n\(question)", fallback) { text in
            if words.contains(text) { return .success(text) }
            if let number = Int(text), words.indices.contains(number - 1) {
                return .success(words[number - 1])
            }
            return .failure(Wrong(why: "\"\(text)\": one of the words, or its number"))
        }
    }

    func isYes(_ question: String, _ fallback: Bool) throws(Ended) -> Bool {
        try ask("\(question) (y/n)", fallback ? "y" : "n") { text in
            switch text.lowercased() {
            case "y", "yes": .success(true)
            case "n", "no": .success(false)
            default: .failure(Wrong(why: "\"\(text)\": y or n"))
            }
        }
    }
}
