// SPDX-License-Identifier: Apache-2.0
/* usage: rtt pty|pty2|udp|tcp|unix COUNT [BYTES] [GAP_US]
   A child waits in epoll_wait, reads, answers. Parent measures write -> answer read.
   pty: child holds the slave side of one raw pty. pty2: child reads pty A, writes pty B (reader port -> relay port).
   udp/tcp: loopback. GAP_US sleeps between samples, so that the sleeper's wake-up is in the figure. */
#include "ref.h"
#include <pty.h>
#include <termios.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <sys/socket.h>
#include <sys/prctl.h>
#include <signal.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
static void raw(int fd) { struct termios t; tcgetattr(fd, &t); cfmakeraw(&t); tcsetattr(fd, TCSANOW, &t); }
static void child(int in, int out) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int ep = epoll_create1(0); struct epoll_event e = { .events = EPOLLIN, .data.fd = in };
    fcntl(in, F_SETFL, O_NONBLOCK); epoll_ctl(ep, EPOLL_CTL_ADD, in, &e); char b[4096];
    for (;;) { struct epoll_event ev; if (epoll_wait(ep, &ev, 1, -1) < 1) continue;
        ssize_t r = read(in, b, sizeof b); if (r == 0) _exit(0); if (r < 0) continue;
        if (write(out, b, (size_t)r) != r) _exit(1); }
}
int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "usage: rtt pty|pty2|udp|tcp COUNT [BYTES] [GAP_US]\n"); return 2; }
    const char *m = argv[1]; size_t n = (size_t)atol(argv[2]), by = argc > 3 ? (size_t)atol(argv[3]) : 24; long gap = argc > 4 ? atol(argv[4]) : 0;
    double rc = ref_cpu(); int wr = -1, rd = -1; pid_t pid = -1;
    if (!strncmp(m, "pty", 3)) {
        int ma, sa, mb = -1, sb = -1; if (openpty(&ma, &sa, 0, 0, 0)) return 1; raw(sa); wr = rd = ma; 
        if (m[3] == '2') { if (openpty(&mb, &sb, 0, 0, 0)) return 1; raw(sb); rd = mb; }
        if (!(pid = fork())) child(sa, m[3] == '2' ? sb : sa);
    } else if (!strcmp(m, "unix")) {
        int s[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, s); wr = rd = s[0]; if (!(pid = fork())) { close(s[0]); child(s[1], s[1]); }
    } else {
        int udp = !strcmp(m, "udp"); struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, q; socklen_t l = sizeof a; int one = 1;
        int s = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0); bind(s, (void *)&a, sizeof a); getsockname(s, (void *)&a, &l);
        int c = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
        if (udp) { q = a; q.sin_port = 0; bind(c, (void *)&q, sizeof q); l = sizeof q; getsockname(c, (void *)&q, &l);
            connect(c, (void *)&a, sizeof a); connect(s, (void *)&q, sizeof q); if (!(pid = fork())) child(s, s); }
        else { listen(s, 1); if (connect(c, (void *)&a, sizeof a)) return 1; int k = accept(s, 0, 0);
            setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); setsockopt(k, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            if (!(pid = fork())) { close(c); child(k, k); } }
        wr = rd = c;
    }
    char *b = malloc(by), *r = malloc(by); memset(b, 'K', by); uint64_t *lat = malloc(n * sizeof *lat);
    for (size_t i = 0; i < n + 200; i++) {
        if (gap) usleep((useconds_t)gap);
        uint64_t s = now_ns(); size_t got = 0; if (write(wr, b, by) != (ssize_t)by) return 1;
        while (got < by) { ssize_t k = read(rd, r, by - got); if (k <= 0) return 1; got += (size_t)k; }
        if (i >= 200) lat[i - 200] = now_ns() - s;
    }
    kill(pid, SIGKILL); waitpid(pid, 0, 0); qsort(lat, n, sizeof *lat, cmp_u64);
    printf("FIGURE p50_us=%.2f p99_us=%.2f p999_us=%.2f max_us=%.1f ref_cpu_msteps=%.1f\n", pct(lat, n, .5) / 1e3, pct(lat, n, .99) / 1e3, pct(lat, n, .999) / 1e3, lat[n - 1] / 1e3, rc);
}
