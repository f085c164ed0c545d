// SPDX-License-Identifier: Apache-2.0
/* Cameras that push a plate with a picture, each time another one, over kept connections. They are
   marked as sent again, so that nothing opens for them.

   usage: pictures PORT FIRST CAMERAS CONNECTIONS COUNT BYTES RATE [put]
     to /camera/camera-FIRST and following; each connection waits for its answer; RATE a second in all, 0: as fast as
     they are answered; put: the same bodies to a server of files.
   Says `FIGURE answered=… refused=… req_s=… p50_us=… p99_us=…`; refused: with anything but 2xx. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 16, HEAD = 4096 };
static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct connection { int fd, busy; char *out; size_t size, sent; char in[HEAD]; size_t got; uint64_t since; };
static struct connection all[MOST];
static size_t picture_size;
static int is_put; /* to a server of files, which gives each a name of its own */

/* Both parts of the push as the camera writes them; the picture begins with its number, so that none is like another. */
static void fill(struct connection *c, int camera, unsigned long number) {
    char body[2048], part[512], now[64];
    struct timespec t; struct tm tm;
    clock_gettime(CLOCK_REALTIME, &t);
    time_t local = t.tv_sec + 8 * 3600;
    gmtime_r(&local, &tm);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", &tm);
    int b = snprintf(body, sizeof body,
        "--boundary\r\nContent-Disposition: form-data; name=\"anpr.xml\"; filename=\"anpr.xml\"\r\nContent-Type: text/xml\r\n\r\n"
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EventNotificationAlert version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">"
        "<ipAddress>127.0.0.1</ipAddress><macAddress>a4:d5:c2:10:3e:80</macAddress><channelID>1</channelID>"
        "<dateTime>%s.%03ld+08:00</dateTime><eventType>ANPR</eventType><eventState>active</eventState>"
        "<ANPR><licensePlate>沪Z%05lu</licensePlate><line>1</line><direction>forward</direction><confidenceLevel>97</confidenceLevel>"
        "<plateType>92TypeCivil</plateType><plateColor>blue</plateColor></ANPR><UUID>%08x-0000-4000-8000-%012lx</UUID>"
        "<isDataRetransmission>true</isDataRetransmission></EventNotificationAlert>\r\n",
        now, t.tv_nsec / 1000000, number % 100000, (unsigned)getpid(), number);
    int p = snprintf(part, sizeof part,
        "--boundary\r\nContent-Disposition: form-data; name=\"detectionPicture.jpg\"; filename=\"detectionPicture.jpg\"\r\n"
        "Content-Type: image/jpeg\r\n\r\n");
    static const char end[] = "\r\n--boundary--\r\n";
    size_t length = (size_t)b + (size_t)p + picture_size + sizeof end - 1;
    int h = snprintf(c->out, HEAD,
        "POST /camera/camera-%d HTTP/1.1\r\nHost: gateway\r\nContent-Type: multipart/form-data; boundary=boundary\r\n"
        "Content-Length: %zu\r\n\r\n", camera, length);
    if (is_put) h = snprintf(c->out, HEAD, "PUT /%lu.jpg HTTP/1.1\r\nHost: gateway\r\nContent-Length: %zu\r\n\r\n", number, length);
    char *o = c->out + h;
    o = mempcpy(o, body, (size_t)b);
    o = mempcpy(o, part, (size_t)p);
    memset(o, 0xA5, picture_size);
    memcpy(o, "\xFF\xD8\xFF\xE0", 4);
    memcpy(o + 4, &number, sizeof number);
    int pid = getpid();
    memcpy(o + 12, &pid, sizeof pid);
    o = mempcpy(o + picture_size, end, sizeof end - 1);
    c->size = (size_t)(o - c->out);
    c->sent = c->got = 0;
}

int main(int argc, char **argv) {
    if (argc < 8) { fprintf(stderr, "usage: pictures PORT FIRST CAMERAS CONNECTIONS COUNT BYTES RATE [put]\n"); return 2; }
    int port = atoi(argv[1]), first = atoi(argv[2]), cameras = atoi(argv[3]), connections = atoi(argv[4]);
    unsigned long count = strtoul(argv[5], NULL, 10), begun = 0, done = 0, refused = 0;
    picture_size = strtoul(argv[6], NULL, 10);
    double rate = atof(argv[7]);
    is_put = argc > 8 && !strcmp(argv[8], "put");
    if (connections > MOST || picture_size < 64) return 2;
    uint64_t *times = malloc(count * sizeof *times);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < connections; i++) {
        int one = 1;
        all[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(all[i].fd, (void *)&a, sizeof a)) { perror("connect"); return 1; }
        setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        all[i].out = malloc(picture_size + 2 * HEAD);
    }
    uint64_t start = now_ns();
    while (done < count) {
        struct pollfd p[MOST];
        for (int i = 0; i < connections; i++) {
            struct connection *c = &all[i];
            uint64_t now = now_ns();
            if (!c->busy && begun < count && (rate <= 0 || (double)begun < rate * (double)(now - start) / 1e9)) {
                fill(c, first + (int)(begun % (unsigned long)cameras), begun);
                begun++;
                c->busy = 1;
                c->since = now;
            }
            if (c->busy && c->sent < c->size) {
                ssize_t k = send(c->fd, c->out + c->sent, c->size - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
                if (k < 0 && errno != EAGAIN) { perror("send"); return 1; }
                if (k > 0) c->sent += (size_t)k;
            }
            p[i] = (struct pollfd){c->fd, c->busy ? (c->sent < c->size ? POLLIN | POLLOUT : POLLIN) : 0, 0};
        }
        if (poll(p, (nfds_t)connections, rate > 0 ? 1 : 1000) < 0) return 1;
        for (int i = 0; i < connections; i++) {
            struct connection *c = &all[i];
            if (!(p[i].revents & (POLLIN | POLLHUP | POLLERR))) continue;
            ssize_t k = recv(c->fd, c->in + c->got, sizeof c->in - 1 - c->got, MSG_DONTWAIT);
            if (k < 0 && errno == EAGAIN) continue;
            if (k <= 0) { fprintf(stderr, "closed after %lu: %.60s\n", done, c->in); return 1; }
            c->got += (size_t)k;
            c->in[c->got] = 0;
            char *end = strstr(c->in, "\r\n\r\n"), *length = strcasestr(c->in, "content-length:");
            if (!end || c->got < (size_t)(end + 4 - c->in) + (length && length < end ? strtoul(length + 15, NULL, 10) : 0)) continue;
            if (strncmp(c->in, "HTTP/1.1 2", 10)) refused++;
            times[done++] = now_ns() - c->since;
            c->busy = 0;
        }
    }
    double seconds = (double)(now_ns() - start) / 1e9;
    qsort(times, count, sizeof *times, ascending);
    printf("FIGURE answered=%lu refused=%lu req_s=%.0f p50_us=%.0f p99_us=%.0f\n", done - refused, refused, (double)done / seconds,
        (double)times[count / 2] / 1e3, (double)times[count * 99 / 100] / 1e3);
    return 0;
}
