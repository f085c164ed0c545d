// SPDX-License-Identifier: Apache-2.0

package import GatehouseCore

/// Where the loop's decisions go. Calls come on the engine's thread and must not wait.
package protocol EnginePorts: Sendable {
    /// Another plan is in force: commands that follow are its commands.
    func replanned()
    func perform(_ command: DeviceCommand)
    func withdraw(_ terminals: [Terminal])
    func answer(_ reply: ReplyID, _ answer: Answer)
    func notice(_ notice: EngineNotice)
    /// Records as they are made, durable or not, for watchers.
    func made(_ records: [Record])
    /// The loop handled a self-sent tick: the watchdog may be fed.
    func progressed(_ state: borrowing EngineState)
}

/// A bell that the loop can wait for.
package protocol WaitableDoorbell: Doorbell {
    /// Returns when rung or at the deadline; nil: no deadline.
    func wait(until deadline: Uptime?, now: Uptime)
}

/// The loop that owns the site. It runs on a thread of its own and never waits for disk, device or network:
/// it waits for the inbox and the next deadline only.
package struct EngineLoop: Sendable {
    private let inbox: Inbox
    private let bell: any WaitableDoorbell
    private let journal: any JournalPort
    private let ports: any EnginePorts
    private let clock: SystemClock

    package init(
        inbox: Inbox, bell: any WaitableDoorbell, journal: any JournalPort, ports: any EnginePorts,
        clock: SystemClock
    ) {
        self.inbox = inbox
        self.bell = bell
        self.journal = journal
        self.ports = ports
        self.clock = clock
    }

    /// Until the inbox is closed and empty. Returns with everything submitted.
    package func run(_ initial: consuming EngineState) {
        var state = initial
        while true {
            let isClosed = inbox.isClosed
            let inputs = inbox.take()
            for input in inputs { handle(input, &state) }
            let now = clock.uptime()
            if let deadline = state.nextDeadline, deadline <= now {
                handle(.wake, &state)
            } else if inputs.isEmpty {
                if isClosed { return }
                bell.wait(until: state.nextDeadline, now: now)
            }
        }
    }

    private func handle(_ input: EngineInput, _ state: inout EngineState) {
        if case .inspect(let look) = input { return look(state.site) }
        let output = state.absorb(input, at: clock.now())
        if case .site(.plan) = input { ports.replanned() }
        if !output.withdrawals.isEmpty { ports.withdraw(output.withdrawals) }
        for command in output.commands { ports.perform(command) }
        if !output.records.isEmpty { journal.submit(output.records) }
        if !output.made.isEmpty { ports.made(output.made) }
        for answer in output.answers { ports.answer(answer.reply, answer.answer) }
        for notice in output.notices { ports.notice(notice) }
        if case .tick = input { ports.progressed(state) }
    }
}
