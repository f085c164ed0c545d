// SPDX-License-Identifier: Apache-2.0

/// For how long what was read speaks for whoever stands at the line. Whatever makes a lane ask a second time asks here
/// first: by now another vehicle may stand there (H-18, H-36).
extension Lane {
    mutating func reconsider(_ reason: ReconsiderReason) {
        guard approach.isHere, approach.asked?.decision != nil else { return }
        switch phase {
        case .starting, .opening, .open, .passing, .heldOpen, .fire: return
        default: askAnew()
        }
    }

    /// The vehicle that went off the loop for a moment, or that a silent loop did not show, is there again.
    mutating func seenAgain() {
        if approach.mayRetry, approach.verdict == .pending { reconsider(.seenAgain) }
    }

    /// By the next read where the old one is worth nothing any more. Not every camera reads again what does not move: the
    /// driver is told to, once, and if nothing comes of it somebody is called.
    private mutating func askAnew() {
        if readStillSpeaks(at: now) { return ask() }
        approach.mayRetry = true
        guard presenceIsBlind || presenceShows, !approach.awaitsNewRead, !isHeldClosed else { return }
        approach.awaitsNewRead = true
        approach.notice = .back
        emit(cameraFailed ? .callGuard("camera_lost") : .triggerCamera)
        startTimer(.noPlateAfter, after: plan.timers.noPlateAfter)
        showLine()
    }

    /// lanes.md n3, and stricter where somebody would be let in: a loop that stays on is no proof for ever, since it may
    /// be stuck, and one that fell silent has not seen who came and went.
    func readStillSpeaks(at now: Moment) -> Bool {
        guard presenceIsBlind || presenceShows else { return false }
        // What is owed is owed to whoever stands there, and without a read there is none that is old.
        guard approach.owed == nil, let winner = approach.vote.winner else { return true }
        let age = now.uptime - winner.lastAt
        if age <= plan.timers.cameraPresence { return true }
        // Nobody who may leave is kept for a second look; somebody else's plate read since is another matter.
        if isLeaving { return presenceShows || !approach.vote.endsWithAnother }
        return presenceShows && wasWatchedSince(winner.lastAt) && age <= plan.timers.holdTimeoutConfirm
            && !approach.vote.endsWithAnother
    }

    func wasWatchedSince(_ instant: Uptime) -> Bool { approach.watchedSince.map { $0 < instant } ?? true }
}
