// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Ends the command when the daemon is silent: nobody waits at a pole for a process that hangs.
enum Deadline {
    static func start(seconds: UInt32) {
        signal(SIGALRM) { _ in
            // Only what a signal handler may call.
            let text: StaticString =
                "gatehouse: no answer within 30 s\n  try: journalctl -u gatehouse -n 50\n"
            _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(69)
        }
        alarm(seconds)
    }

    static func stop() { alarm(0) }
}
