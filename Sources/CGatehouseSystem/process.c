// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include "CGatehouseSystem.h"

#include <errno.h>
#include <grp.h>
#include <linux/rtc.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int gh_pty_open(char *slave_path, size_t size) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return -errno;
    if (grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, slave_path, size) != 0) {
        int answer = -errno;
        close(fd);
        return answer;
    }
    return fd;
}

int gh_thread_realtime(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return -pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

void gh_thread_background(void) {
    struct sched_param parameters = {.sched_priority = 0};
    pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters);
    setpriority(PRIO_PROCESS, 0, 5);
}

int gh_bell_create(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

void gh_bell_ring(int fd) {
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

int gh_bell_wait(int fd, int64_t timeout_ns) {
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    struct timespec limit = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
    if (ppoll(&wanted, 1, timeout_ns < 0 ? NULL : &limit, NULL) < 1) return 0;
    uint64_t count;
    return read(fd, &count, sizeof count) == sizeof count;
}

int gh_clock_read(struct gh_clock *clock) {
    struct timex state = {.modes = 0};
    if (adjtimex(&state) < 0) return -errno;
    clock->is_synchronised = (state.status & STA_UNSYNC) == 0;
    clock->offset_ns = (int64_t)state.offset * (state.status & STA_NANO ? 1 : 1000);
    clock->maximum_error_us = state.maxerror;
    return 0;
}

int gh_clock_set(int64_t milliseconds) {
    struct timespec wanted = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    return clock_settime(CLOCK_REALTIME, &wanted) < 0 ? -errno : 0;
}

int gh_rtc_set(const char *path, int64_t seconds) {
    time_t when = seconds;
    struct tm parts;
    if (gmtime_r(&when, &parts) == NULL) return -EOVERFLOW;
    struct rtc_time wanted = {.tm_sec = parts.tm_sec, .tm_min = parts.tm_min, .tm_hour = parts.tm_hour,
                              .tm_mday = parts.tm_mday, .tm_mon = parts.tm_mon, .tm_year = parts.tm_year};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int answer = ioctl(fd, RTC_SET_TIME, &wanted) < 0 ? -errno : 0;
    close(fd);
    return answer;
}

_Static_assert(sizeof(struct gh_peer) == sizeof(struct ucred), "gh_peer is ucred");

int gh_user_in_group(uint32_t uid, uint32_t gid, const char *group) {
    char buffer[16384];
    struct group entry, *found = NULL;
    if (getgrnam_r(group, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL) return -ENOENT;
    if (found->gr_gid == gid) return 1;
    char name[256];
    gh_user_name(uid, name, sizeof name);
    for (char **member = found->gr_mem; *member; member++)
        if (strcmp(*member, name) == 0) return 1;
    return 0;
}

void gh_user_name(uint32_t uid, char *name, size_t size) {
    char buffer[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
        snprintf(name, size, "%s", found->pw_name);
    else
        snprintf(name, size, "%u", uid);
}

int gh_notify(const char *message) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (path == NULL || (path[0] != '/' && path[0] != '@')) return 0;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path) return -E2BIG;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int answer = sent < 0 ? -errno : 0;
    close(fd);
    return answer;
}

int64_t gh_private_dirty_kib(void) {
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    if (file == NULL) return -errno;
    char line[256];
    long long kib = -ENODATA;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "Private_Dirty: %lld", &kib) == 1) break;
    fclose(file);
    return kib;
}

void gh_trim_heap(void) { malloc_trim(0); }

void gh_bound_heap(void) { mallopt(M_ARENA_MAX, 2); }
