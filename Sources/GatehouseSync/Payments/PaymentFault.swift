// SPDX-License-Identifier: Apache-2.0

/// Why a call was not carried out: a word for programs, a sentence for people.
package struct PaymentFault: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case unauthorized
        case notFound = "not_found"
        /// It is understood and not done: as it stands it never will be.
        case refused
        /// The serial was taken over another amount, or the money is given back already.
        case conflict
        /// This serial asked before.
        case replayed
        case tooOld = "too_old"
        /// Too much waits; soon again.
        case busy
        /// Nothing could be made durable, so nothing was done as far as the sender may believe.
        case store

        /// RFC 9110, 15.5 and 15.6.
        package var status: Int {
            switch self {
            case .badRequest: 400
            case .unauthorized: 401
            case .notFound: 404
            case .refused, .conflict, .replayed, .tooOld: 409
            case .busy, .store: 503
            }
        }
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Of an answer of the site; a word that it has and the channel does not is a refusal.
    package init(code: String, message: String) {
        self.init(Code(rawValue: code) ?? .refused, message)
    }
}
