// SPDX-License-Identifier: Apache-2.0

/// To which vehicle a read belongs (lanes.md §4.2, §7.1). Reads ask; they never count, and with a presence
/// loop they open nothing alone (H-36, H-37, H-38).
extension Lane {
    mutating func take(_ read: PlateRead) {
        guard isNew(read) else { return }
        if let travel = read.travel, travel != heading {
            keepForLater(read)
        } else if isOfVehicleUnderArm(read) {
            // Evidence, wherever the camera stands.
        } else if isLateReadOfLastPassage(read) {
            note(LaneNote(.duplicateRead, read: read.record, plate: read.reading.plate, why: "passed"))
        } else if let index = grants.firstIndex(where: { !$0.isCrossing }) {
            readWhileServed(read, index)
        } else if sequencer.crossing != nil && context?.grant != nil {
            readWhilePassing(read)
        } else {
            readAtLine(read)
        }
    }

    /// Replays and repeats are evidence that the site recorded already.
    private mutating func isNew(_ read: PlateRead) -> Bool {
        guard read.mayOpen else {
            note(LaneNote(.lateRead, read: read.record, plate: read.reading.plate))
            return false
        }
        if let key = read.duplicateKey {
            guard !recentKeys.contains(key) else {
                note(LaneNote(.duplicateRead, read: read.record, plate: read.reading.plate, why: "picture"))
                return false
            }
            recentKeys = recentKeys.suffix(15) + [key]
        }
        guard now.uptime - read.capturedAt <= plan.timers.readHold else {
            note(LaneNote(.lateRead, read: read.record, plate: read.reading.plate))
            return false
        }
        return true
    }

    /// Behind the vehicle that is served, or at the other end.
    private mutating func keepForLater(_ read: PlateRead) {
        // The rear plate of a vehicle that has just gone the other way.
        if let last = lastPassage, let reading = last.reading, ReadVote.isSame(reading, read.reading),
            now.uptime - last.at <= plan.timers.oppositePlateInterval
        {
            note(LaneNote(.duplicateRead, read: read.record, plate: read.reading.plate, why: "opposite"))
            return
        }
        heldReads.removeAll { ReadVote.isSame($0.reading, read.reading) }
        heldReads = heldReads.suffix(3) + [read]
    }

    private mutating func readWhileServed(_ read: PlateRead, _ index: Int) {
        let grant = grants[index]
        guard let access = grant.access, let first = access.read else { return keepForLater(read) }
        if ReadVote.isSame(first.reading, read.reading) || grant.plate == read.reading.plate {
            grants[index].wasReadAgain = grant.isUndetermined
            return
        }
        // Two vehicles that are both known are two vehicles, however alike their plates.
        let wasKnown = first.isKnown || grant.plate != first.reading.plate
        if isLookAlike(read, of: first), !(read.isKnown && wasKnown) {
            if ReadVote.weight(of: read) > ReadVote.weight(of: first) { correct(grant, by: read) }
            return
        }
        if grant.isUndetermined {
            // Another plate at the line: the first one has gone.
            completeUndetermined()
            if served == nil { arrive(announced: true) }
            return take(read, decidingNow: true)
        }
        keepForLater(read)
    }

    private mutating func readWhilePassing(_ read: PlateRead) {
        sequencer.sawOtherPlate()
        let showsNext = presenceIsBlind || presenceLoop.counting.level == .on
        guard showsNext || approach.isHere else { return keepForLater(read) }
        if approach.isHere {
            readAtLine(read)
        } else {
            keepForLater(read)
            arrive(announced: true)
        }
    }

    private mutating func readAtLine(_ read: PlateRead) {
        if let one = unsettled, let before = one.context.read {
            if !ReadVote.isSame(before.reading, read.reading), !isLookAlike(read, of: before) {
                settleCrossing(asGone: true)
            } else if read.capturedAt >= one.crossing.safetyFellAt ?? read.capturedAt + .seconds(1) {
                // Seen again at the line after it was on safety: still the same one (lanes.md §6.3).
                settleCrossing(asGone: false)
            }
        }
        guard approach.isHere else { return readOfNobody(read) }
        take(read, decidingNow: false)
    }

    private mutating func readOfNobody(_ read: PlateRead) {
        for old in approach.vote.others + [approach.vote.winner?.best].compactMap({ $0 })
        where !ReadVote.isSame(old.reading, read.reading) {
            noteReadOfNobody(old)
            approach.vote.drop(old.reading)
        }
        approach.vote.add(read)
        // A vehicle that was given up but never left is a vehicle all the same.
        if presenceIsBlind || presenceShows && sequencer.crossing == nil {
            arrive(announced: true)
        } else {
            startTimer(.readHold, after: plan.timers.readHold)
        }
    }

    mutating func readHoldEnded() {
        guard !approach.isHere else { return }
        for old in approach.vote.dropReads(before: now.uptime + .nanoseconds(1)) { noteReadOfNobody(old) }
    }

    /// Many different plates and never a vehicle: the presence loop sees nothing any more (H-18).
    private mutating func noteReadOfNobody(_ read: PlateRead) {
        note(LaneNote(.readWithoutVehicle, read: read.record, plate: read.reading.plate))
        guard let plate = read.reading.plate, hasPresence, !presenceIsBlind,
            !readsWithoutPresence.contains(plate)
        else { return }
        readsWithoutPresence.append(plate)
        if readsWithoutPresence.count >= Lane.readsThatDisproveLoop {
            readsWithoutPresence = []
            distrustPresence()
        }
    }

    static let readsThatDisproveLoop = 5

    /// A read of the vehicle at the line.
    private mutating func take(_ read: PlateRead, decidingNow: Bool) {
        let isSame = approach.asked?.request.read.map { ReadVote.isSame($0.reading, read.reading) } ?? false
        approach.vote.add(read)
        if let plate = read.reading.plate, approach.plates.count < 2,
            !approach.plates.contains(where: { $0 == plate || PlateLookAlike.areLookAlikes($0, plate) })
        {
            approach.plates.append(plate)
        }
        if presenceIsBlind { startTimer(.cameraPresence, after: plan.timers.cameraPresence) }
        if approach.notice == .noPlate { approach.notice = nil }
        guard approach.asked != nil else {
            return decidingNow ? ask() : consider()
        }
        switch approach.verdict {
        case .pending: readWhileWaiting(read, isSame)
        case .deny: readWhileRefused(read, isSame)
        case .grant, nil: break
        }
    }

    private mutating func readWhileWaiting(_ read: PlateRead, _ isSame: Bool) {
        if isSame {
            approach.isUnseen = false
            startTimer(.requestUnseen, after: Lane.unseenAfter)
            if approach.mayRetry, presenceIsBlind || presenceShows { return ask() }
            guard !approach.hasNotedDuplicate else { return }
            approach.hasNotedDuplicate = true
            note(LaneNote(.duplicateRead, request: approach.asked?.id, read: read.record))
            return
        }
        // A better look at the same vehicle replaces the misread at once; another vehicle's plate must be strong
        // and the old one gone.
        let old = approach.asked?.request.read
        let isAlike = old.map { isLookAlike(read, of: $0) } ?? false
        let isBetterLook =
            isAlike && old.map { ReadVote.weight(of: read) > ReadVote.weight(of: $0) } ?? false
        let isStrong = approach.vote.count(of: read.reading) >= 2 || read.confidence >= 90
        guard isBetterLook || isStrong && approach.isUnseen else { return }
        note(
            LaneNote(
                .requestReplaced, request: approach.asked?.id, read: read.record,
                plate: read.reading.plate))
        if let old { approach.vote.drop(old.reading) }
        // The time of who waits at an exit goes on: nobody has left the line, whatever is read there (H-32).
        ask()
    }

    private mutating func readWhileRefused(_ read: PlateRead, _ isSame: Bool) {
        if isSame {
            approach.isUnseen = false
            stopTimer(.requestUnseen)
            guard approach.mayRetry else { return }
            return ask()
        }
        // Another plate speaks for another vehicle, or for a better look at this one.
        guard let old = approach.asked?.request.read else { return ask() }
        let isBetter = ReadVote.weight(of: read) > ReadVote.weight(of: old)
        if isLookAlike(read, of: old) && !isBetter { return }
        approach.vote.drop(old.reading)
        ask()
    }

    static let unseenAfter: Duration = .seconds(5)

    private func isLookAlike(_ read: PlateRead, of first: PlateRead) -> Bool {
        guard let a = read.reading.plate, let b = first.reading.plate else { return false }
        return PlateLookAlike.areLookAlikes(a, b)
    }

    /// A rear camera sees whom the arm is over; who comes behind shows its front.
    private func isOfVehicleUnderArm(_ read: PlateRead) -> Bool {
        if read.role == .rear, sequencer.crossing != nil, !presenceIsBlind { return true }
        return grants.contains { grant in
            guard grant.isCrossing else { return false }
            if grant.plate != nil && grant.plate == read.reading.plate { return true }
            guard let first = grant.read else { return false }
            return ReadVote.isSame(first.reading, read.reading)
                || isFromBefore(read) && !read.isKnown && isLookAlike(read, of: first)
        }
    }

    /// The vehicle that has just gone is seen from behind, or its picture arrives late: it must not speak for the
    /// next one (H-36). Read anew of a vehicle that came after it, its plate is decided, with a hint of a clone.
    private func isLateReadOfLastPassage(_ read: PlateRead) -> Bool {
        guard let last = lastPassage, isFromBefore(read) else { return false }
        // Whatever the rear camera made of it, also where the front one misread it or read nothing.
        if read.role == .rear, !presenceIsBlind, now.uptime - last.at <= plan.timers.readHold { return true }
        guard let reading = last.reading, now.uptime - last.at <= plan.timers.samePlateInterval else {
            return false
        }
        if ReadVote.isSame(reading, read.reading) { return true }
        guard approach.isHere, !read.isKnown, let a = reading.plate, let b = read.reading.plate else {
            return false
        }
        return PlateLookAlike.areLookAlikes(a, b)
    }

    /// Cannot have been taken of the vehicle at the line as it came.
    private func isFromBefore(_ read: PlateRead) -> Bool {
        guard !presenceIsBlind, read.role != .rear, let since = approach.since else { return true }
        return read.capturedAt < since
    }

    func isOfLastPassage(_ read: PlateRead) -> Bool {
        guard let last = lastPassage, let reading = last.reading else { return false }
        return ReadVote.isSame(reading, read.reading)
            && now.uptime - last.at <= plan.timers.samePlateInterval
    }

    /// The vehicle is granted already: a better read is decided for the record alone (lanes.md 3.5).
    private mutating func correct(_ grant: LiveGrant, by read: PlateRead) {
        guard correction == nil, var access = grant.access else { return }
        note(
            LaneNote(
                .plateCorrected, request: grant.request, read: read.record, plate: read.reading.plate))
        if let first = access.read { access.otherReads.append(first) }
        access.read = read
        let id = newRequest()
        correction = Approach.Asked(id: id, request: access)
        emit(.decide(id, access))
    }
}
