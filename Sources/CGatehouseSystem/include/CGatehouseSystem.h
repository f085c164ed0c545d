// SPDX-License-Identifier: Apache-2.0
// What Swift cannot reach in glibc and the kernel: function-like macros, feature-test macros, structs that
// the importer drops. Every function returns a descriptor or 0, or -errno.
#ifndef GATEHOUSE_SYSTEM_H
#define GATEHOUSE_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/// Opens a tty raw (no echo, no flow control, CLOCAL, HUPCL cleared), non-blocking, alone: -EBUSY while another
/// program has it open or locked (TIOCEXCL, flock).
/// parity: 'N', 'E' or 'O'. Pending input is flushed.
int gh_serial_open(const char *path, uint32_t baud, int data_bits, char parity, int stop_bits);

/// Kernel-driven RS-485 direction. -ENOTTY or -EINVAL: the adapter switches direction itself.
int gh_serial_rs485(int fd, uint32_t delay_before_ms, uint32_t delay_after_ms);

/// A pseudo-terminal pair, both ends raw; writes the slave's path. Returns the master's descriptor.
int gh_pty_open(char *slave_path, size_t size);

/// Keeps the slave side open, so that a master does not read EIO while nobody is attached.
int gh_open_raw(const char *path);

/// Asks for SCHED_FIFO at this priority for the calling thread.
int gh_thread_realtime(int priority);

/// The calling thread gives way to the others of the process, whatever class it was started in.
void gh_thread_background(void);

/// An event counter to wake a thread: create, add one, wait until rung or timeout.
int gh_bell_create(void);
void gh_bell_ring(int fd);
/// timeout_ns < 0: no limit. Returns 1 rung, 0 timeout.
int gh_bell_wait(int fd, int64_t timeout_ns);

/// What the kernel knows of its wall clock.
struct gh_clock {
    /// A time source disciplines it.
    int is_synchronised;
    /// Still to be slewed away.
    int64_t offset_ns;
    /// Grows by 500 µs a second without a source, up to 16 s.
    int64_t maximum_error_us;
};

int gh_clock_read(struct gh_clock *clock);

/// Needs CAP_SYS_TIME, both of them. The battery clock (`/dev/rtc0`) runs in UTC.
int gh_clock_set(int64_t milliseconds);
int gh_rtc_set(const char *path, int64_t seconds);

/// `struct ucred`, which the importer hides: what SO_PEERCRED answers.
struct gh_peer {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

/// Whether the user belongs to the group by primary or supplementary membership; -ENOENT: no such group.
int gh_user_in_group(uint32_t uid, uint32_t gid, const char *group);

/// Name of a user, or its number in digits.
void gh_user_name(uint32_t uid, char *name, size_t size);

/// One datagram to NOTIFY_SOCKET (abstract names included); 0 when nobody listens.
int gh_notify(const char *message);

/// Private_Dirty of this process in KiB, by smaps_rollup.
int64_t gh_private_dirty_kib(void);

/// Returns freed heap pages to the kernel: after the start, and after a directory was swapped.
void gh_trim_heap(void);

/// Two heaps for all threads instead of eight per core: before the first thread starts.
void gh_bound_heap(void);

#endif
