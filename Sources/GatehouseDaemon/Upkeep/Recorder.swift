// SPDX-License-Identifier: Apache-2.0

internal import GatehouseCore
internal import GatehouseEngine

/// Puts what the process itself does into the journal, and waits until it is there.
struct Recorder: Sendable {
    let inbox: Inbox
    let replies: Replies

    /// The record's number; nil: it did not become durable in time, and may yet.
    func record(_ fact: Housekeeping) async -> Sequence? {
        await withCheckedContinuation { continuation in
            let id = replies.expect { answer in
                if case .done(let sequence) = answer {
                    continuation.resume(returning: sequence)
                } else {
                    continuation.resume(returning: nil)
                }
            }
            guard let id else { return continuation.resume(returning: nil) }
            if inbox.offer(.site(.housekeeping(fact, reply: id))) == .refused {
                replies.answer(id, .notStored("stopping"))
            }
        }
    }
}
