// SPDX-License-Identifier: Apache-2.0

package import GatehouseDiagnostics
internal import Glibc

/// How every command ends; documented in gatehouse(1). From 64 on as sysexits.h has them.
package enum ExitStatus: Int32, CaseIterable {
    case ok = 0
    /// The daemon understood and said no; a worked case differs.
    case refused = 1
    /// No such lane, device, record, permit or stay.
    case notFound = 2
    case usage = 64
    /// Bytes or a file that cannot be read as what it should be; a journal that is not sound.
    case data = 65
    /// The daemon does not answer.
    case unreachable = 69
    /// Busy, or the store did not take it in time: nothing is known to have happened, look and try again.
    case tryAgain = 75
    case notAllowed = 77
    /// The site file has errors, or a tariff.
    case configuration = 78
}

/// A message for people, with what to try, and the status it ends with.
package struct CommandFailure: Error {
    package var status: ExitStatus
    package var message: String
    package var hint: String?

    package init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    package init(_ failure: DiagnosticProtocol.Failure) {
        let status: ExitStatus =
            switch failure.code {
            case "bad_request": .usage
            case "not_allowed": .notAllowed
            case "not_found": .notFound
            case "busy", "store": .tryAgain
            default: .refused
            }
        self.init(status, failure.message, hint: failure.hint)
    }

    package func exit(as program: String) -> Never {
        Output.error("\(program): \(message)")
        if let hint { Output.error("  try: \(hint)") }
        Glibc.exit(status.rawValue)
    }
}
