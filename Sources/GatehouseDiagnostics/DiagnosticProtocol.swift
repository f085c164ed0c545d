// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// The technician's protocol: one JSON object per line. The server greets first; then per request any
/// number of `event` lines and exactly one `result` or `error`. Its shape is a contract: `version` changes
/// when a key changes its meaning or goes away; new keys may appear at any time.
package enum DiagnosticProtocol {
    package static let version = 1
    /// A longer line is refused and the connection closed.
    package static let maximumLine = 1 << 20

    package struct Hello: Hashable, Sendable {
        package var version: Int
        package var program: String
        package var site: String
        package var authority: Authority

        package init(version: Int, program: String, site: String, authority: Authority) {
            self.version = version
            self.program = program
            self.site = site
            self.authority = authority
        }
    }

    package struct Failure: Error, Hashable, Sendable {
        /// Stable word: `bad_request`, `not_allowed`, `not_found`, `refused`, `busy`, `store`, `internal`.
        package var code: String
        package var message: String
        /// What to try.
        package var hint: String?

        package init(code: String, message: String, hint: String? = nil) {
            self.code = code
            self.message = message
            self.hint = hint
        }
    }

    package enum Reply: Hashable, Sendable {
        case event([UInt8])
        case result([UInt8])
        case failure(Failure)
    }

    package static func line(_ hello: Hello) -> [UInt8] {
        FieldWriter.object {
            $0.put("hello", "gatehouse")
            $0.put("protocol", hello.version)
            $0.put("version", hello.program)
            $0.put("site", hello.site)
            $0.put("authority", hello.authority.rawValue)
        } + [0x0A]
    }

    package static func hello(_ line: [UInt8]) throws(FieldError) -> Hello {
        let fields = try Fields(line)
        return Hello(
            version: try fields.int("protocol"), program: try fields.string("version"),
            site: try fields.string("site"), authority: try fields.word("authority", as: Authority.self))
    }

    /// A request with what is told along.
    package struct Question: Hashable, Sendable {
        package var id: Int
        /// The person behind a program that serves several, by that program's word. Recorded with the user whose
        /// connection said so.
        package var person: String?
        package var request: DiagnosticRequest

        package init(id: Int, person: String? = nil, _ request: DiagnosticRequest) {
            self.id = id
            self.person = person
            self.request = request
        }

        /// At most 64 bytes that can be printed, without a blank at either end.
        package static func isName(_ text: String) -> Bool {
            let scalars = text.unicodeScalars
            return (1...64).contains(text.utf8.count) && text.first != " " && text.last != " "
                && scalars.allSatisfy { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                        false
                    default: true
                    }
                }
        }
    }

    package static func line(id: Int, _ request: DiagnosticRequest) -> [UInt8] {
        line(Question(id: id, request))
    }

    package static func line(_ question: Question) -> [UInt8] {
        FieldWriter.object {
            $0.put("id", question.id)
            $0.put("for", ifPresent: question.person)
            question.request.write(to: &$0)
        } + [0x0A]
    }

    package static func question(_ line: [UInt8]) throws(FieldError) -> Question {
        let fields = try Fields(line)
        let person = try fields.stringIfPresent("for")
        if let person, !Question.isName(person) { throw .wrongType(key: "for") }
        return Question(id: try fields.int("id"), person: person, try DiagnosticRequest(from: fields))
    }

    package static func request(_ line: [UInt8]) throws(FieldError) -> (id: Int, request: DiagnosticRequest) {
        let question = try question(line)
        return (question.id, question.request)
    }

    package static func line(id: Int, _ reply: Reply) -> [UInt8] {
        FieldWriter.object { line in
            line.put("id", id)
            switch reply {
            case .event(let json): line.put("event", json: json)
            case .result(let json): line.put("result", json: json)
            case .failure(let failure):
                line.put(
                    "error",
                    object: {
                        $0.put("code", failure.code)
                        $0.put("message", failure.message)
                        $0.put("try", ifPresent: failure.hint)
                    })
            }
        } + [0x0A]
    }
}
