// SPDX-License-Identifier: Apache-2.0
/* Shared helpers: monotonic clock, percentiles, reference workloads. */
#ifndef REF_H
#define REF_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <time.h>
#include <errno.h>
#include <sys/types.h>
#include <sys/stat.h>

static inline uint64_t now_ns(void) {
    struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
__attribute__((unused)) static int cmp_u64(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}
static inline uint64_t pct(const uint64_t *sorted, size_t n, double p) {
    size_t i = (size_t)(p * (double)n); if (i >= n) i = n - 1; return sorted[i];
}
/* CPU reference: a fixed dependent integer chain; millions of steps a second. */
static inline double ref_cpu(void) {
    volatile uint64_t sink; uint64_t x = 88172645463325252ull; const uint64_t n = 60000000ull;
    uint64_t t0 = now_ns();
    for (uint64_t i = 0; i < n; i++) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; }
    sink = x; (void)sink;
    return (double)n * 1e3 / (double)(now_ns() - t0);
}
/* Disk reference: append 4 KiB + fdatasync for about sec seconds; syncs a second. */
static inline double ref_sync(const char *dir, double sec) {
    char p[4096], b[4096]; memset(b, 7, sizeof b);
    snprintf(p, sizeof p, "%s/ref-XXXXXX", dir);
    int fd = mkstemp(p); if (fd < 0) { perror("mkstemp"); exit(1); }
    uint64_t t0 = now_ns(), n = 0;
    while ((double)(now_ns() - t0) < sec * 1e9) {
        if (write(fd, b, sizeof b) != (ssize_t)sizeof b) { perror("write"); exit(1); }
        if (fdatasync(fd)) { perror("fdatasync"); exit(1); }
        n++;
    }
    double r = (double)n * 1e9 / (double)(now_ns() - t0);
    close(fd); unlink(p); return r;
}
/* bytes this process caused to be sent to the storage layer, from /proc/self/io */
static inline long long io_write_bytes(void) {
    FILE *f = fopen("/proc/self/io", "r"); char l[128]; long long v = -1;
    if (!f) return -1;
    while (fgets(l, sizeof l, f)) if (!strncmp(l, "write_bytes:", 12)) v = atoll(l + 12);
    fclose(f); return v;
}
/* bytes written to the whole block device under dir (file data + filesystem journal; others' writes too), from /proc/diskstats */
#include <sys/sysmacros.h>
__attribute__((unused)) static long long dev_write_bytes(const char *dir) {
    struct stat st; FILE *f; char l[512]; long long v = -1; unsigned a, b; unsigned long long w;
    if (stat(dir, &st) || !(f = fopen("/proc/diskstats", "r"))) return -1;
    while (fgets(l, sizeof l, f))
        if (sscanf(l, "%u %u %*s %*u %*u %*u %*u %*u %*u %llu", &a, &b, &w) == 3 && a == major(st.st_dev) && b == minor(st.st_dev)) v = (long long)w * 512;
    fclose(f); return v;
}
#endif
