// SPDX-License-Identifier: Apache-2.0
/* A disk that stalls, for a gateway started with LD_PRELOAD=slowdisk.so SLOWDISK=FILE.
   FILE is shared memory of two 32-bit words: the first, while not zero, makes every sync wait; the second
   counts syncs that are under way, so that a killer knows when a commit is being written.
   SLOWDISK_US makes each sync that much longer. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic int *words;
static int extra_us;
static int (*real_fdatasync)(int), (*real_fsync)(int);

__attribute__((constructor)) static void begin(void) {
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    const char *path = getenv("SLOWDISK"), *extra = getenv("SLOWDISK_US");
    if (extra) extra_us = atoi(extra);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) words = map;
    close(fd);
}
static int slow(int (*sync)(int), int fd) {
    if (!words) return sync(fd);
    atomic_fetch_add(&words[1], 1);
    while (atomic_load(&words[0])) usleep(500);
    if (extra_us) usleep((useconds_t)extra_us);
    int answer = sync(fd);
    atomic_fetch_sub(&words[1], 1);
    return answer;
}
int fdatasync(int fd) { return slow(real_fdatasync, fd); }
int fsync(int fd) { return slow(real_fsync, fd); }
