// SPDX-License-Identifier: Apache-2.0
/* The outside of a gateway for measurements: relay boards on ptys (Modbus RTU slaves with 32 inputs and 32
   relays, answered at once), cameras that push plates by HTTP, and arms and cars in front of them.

   usage: twin MODE LINK-PREFIX PORT key=value...
     latency  lanes=16 samples=100 permits=100    one read at a time, anywhere between two polls: last byte
                                                  written -> pulse frame readable
     load     lanes=4 rate=20 seconds=30          reads from a clock, safety loops with short pulses
     drive    lanes=2                             reads on order: "R lane plate" a line, until the input ends
     fire=1   (latency) besides: the fire contact closes every fire_ms=3500, hold written -> F line

   Makes LINK-PREFIX0, LINK-PREFIX1, says "ready", waits for a line on standard input, works, says "done".
   Lines:  W or S lane plate t0_ns t1_ns polled key     a read that opened (W: one of the first, to warm up);
                                                   polled: an exchange stood in between
           T lane plate                            a read that did not open within 2 s
           A key status                            the gateway's answer to a read
           F t0_ns t1_ns                           fire contact reported -> hold relay frame readable */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { LANES = 16, PER_BOARD = 8, BOARDS = 2, CONNECTIONS = 48, FIRE_IN = 30, RESET_IN = 31, HOLD_OUT = 9 };
#define MS 1000000ull
#define POLL (50 * MS) /* the gateway polls inputs so often: reads fall anywhere in between, by a seeded draw */

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static uint64_t seed = 0x9E3779B97F4A7C15ull;
static uint64_t rnd(uint64_t below) {
    seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
    return seed % below;
}

struct board { int master; uint32_t inputs, coils; uint64_t pulse_end[32]; uint8_t buf[1024]; int n; };
enum step { IDLE, COMMANDED, RISING, UP, UNDER, PASSED, LOWERING, RESTING };
struct lane { int board, index; enum step step; uint64_t next; int leaves; int plate; uint64_t sent; int polled; char key[40];
              int is_waiting; uint64_t pulse_until, next_pulse; };
struct connection { int fd, busy; char key[40]; char buf[4096]; int n; };

static struct board boards[BOARDS];
static struct lane lanes[LANES];
static struct connection connections[CONNECTIONS];
static int lane_count = 16, port, wants_fire, warm_up = 12;
static uint64_t fire_at, fire_ms = 3500, fire_reported;
static int fire_state; /* 0 idle, 1 on and not yet reported, 2 reported, 3 off, waits for the reset */

static uint16_t crc(const uint8_t *b, int n) {
    uint16_t c = 0xFFFF;
    for (int i = 0; i < n; i++) { c ^= b[i]; for (int k = 0; k < 8; k++) c = c & 1 ? (uint16_t)(c >> 1 ^ 0xA001) : (uint16_t)(c >> 1); }
    return c;
}
static void reply(struct board *b, uint8_t *frame, int n) {
    uint16_t c = crc(frame, n);
    frame[n] = c & 0xFF; frame[n + 1] = c >> 8;
    if (write(b->master, frame, (size_t)n + 2) < 0 && errno != EAGAIN && errno != EIO) perror("pty");
}
static void set_input(struct board *b, int bit, int closed) {
    if (closed) b->inputs |= 1u << bit; else b->inputs &= ~(1u << bit);
}
/* Per lane: safety (normally closed), limit up, limit down. */
static void safety(struct lane *l, int on) { set_input(&boards[l->board], 3 * l->index, !on); }
static void limits(struct lane *l, int up, int down) {
    set_input(&boards[l->board], 3 * l->index + 1, up);
    set_input(&boards[l->board], 3 * l->index + 2, down);
}

static void opened(int board, int out, uint64_t seen) {
    if (board == 0 && out == HOLD_OUT) {
        if (fire_state == 2) { printf("F %llu %llu\n", (unsigned long long)fire_reported, (unsigned long long)seen); fire_state = 3; fire_at = seen + 200 * MS; }
        return;
    }
    if (out >= PER_BOARD) return;
    struct lane *l = &lanes[board * PER_BOARD + out];
    if (l->is_waiting) {
        printf("%c %ld %d %llu %llu %d %s\n", warm_up > 0 ? 'W' : 'S', l - lanes, l->plate, (unsigned long long)l->sent, (unsigned long long)seen, l->polled, l->key);
        l->is_waiting = 0;
        warm_up--;
    }
    if (l->step == IDLE) { l->step = COMMANDED; l->next = seen + 30 * MS; }
}

static int request(struct board *b, int which, uint64_t seen) {
    if (b->n < 8) return 0;
    uint8_t *f = b->buf, out[64];
    int length = f[1] == 0x0F ? 9 + f[6] : 8;
    if (b->n < length) return 0;
    if (crc(f, length) != 0) { memmove(f, f + 1, (size_t)--b->n); return 1; }
    int address = f[2] << 8 | f[3], value = f[4] << 8 | f[5];
    memcpy(out, f, 6);
    switch (f[1]) {
    case 1: case 2: {
        uint32_t bits = f[1] == 1 ? b->coils : b->inputs;
        int bytes = (value + 7) / 8;
        out[2] = (uint8_t)bytes;
        for (int i = 0; i < bytes; i++) out[3 + i] = bits >> 8 * i & 0xFF;
        if (f[1] == 2 && which == 0 && fire_state == 1) fire_state = 2;
        reply(b, out, 3 + bytes);
        if (fire_state == 2 && !fire_reported && which == 0) fire_reported = now_ns();
        for (int i = 0; i < lane_count; i++) if (lanes[i].is_waiting && lanes[i].board == which) lanes[i].polled = 1;
        break;
    }
    case 3: out[2] = 2; out[3] = 0; out[4] = 200; reply(b, out, 5); break;
    case 5:
        if (address >= 0x200) {
            int channel = (address - 0x200) & 31;
            b->coils |= 1u << channel;
            b->pulse_end[channel] = seen + (uint64_t)value * 100 * MS;
            opened(which, channel, seen);
        } else if (value) { b->coils |= 1u << (address & 31); opened(which, address & 31, seen); }
        else b->coils &= ~(1u << (address & 31));
        reply(b, out, 6);
        break;
    case 15: for (int i = 0; i < value && i < 32; i++) { if (f[7 + i / 8] >> i % 8 & 1) b->coils |= 1u << i; else b->coils &= ~(1u << i); }
        reply(b, out, 6);
        break;
    default: out[1] |= 0x80; out[2] = 1; reply(b, out, 3);
    }
    b->n -= length;
    memmove(f, f + length, (size_t)b->n);
    return 1;
}

/* The same numbering of plates as gatehouse-bench has. */
static void plate_text(int number, char *text) {
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    uint64_t x = (uint64_t)number * 2654435761ull % 4800000;
    sprintf(text, "沪%c%c%04d", letters[x / 240000], letters[x / 10000 % 24], (int)(x % 10000));
}

static int dial(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&a, sizeof a)) { close(fd); return -1; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Sends a read; returns when its first byte may have left, 0 when there is no gateway. */
static uint64_t push_text(int lane, const char *text, char *key);
static uint64_t push_read(int lane, int plate, char *key) {
    char text[32];
    plate_text(plate, text);
    return push_text(lane, text, key);
}
static uint64_t push_text(int lane, const char *text, char *key) {
    static unsigned long counter;
    struct connection *c = NULL;
    for (int i = 0; i < CONNECTIONS && !c; i++) if (connections[i].fd >= 0 && !connections[i].busy) c = &connections[i];
    for (int i = 0; i < CONNECTIONS && !c; i++) if (connections[i].fd < 0) {
        if ((connections[i].fd = dial()) < 0) return 0;
        c = &connections[i];
    }
    if (!c) return 0;
    char body[2048], head[512];
    struct timespec t; struct tm tm;
    clock_gettime(CLOCK_REALTIME, &t);
    time_t local = t.tv_sec + 8 * 3600;
    gmtime_r(&local, &tm);
    sprintf(key, "%08x-0000-4000-8000-%012lx", (unsigned)getpid(), ++counter);
    int n = snprintf(body, sizeof body,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EventNotificationAlert version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">"
        "<ipAddress>127.0.0.1</ipAddress><macAddress>a4:d5:c2:10:3e:7f</macAddress><channelID>1</channelID>"
        "<dateTime>%04d-%02d-%02dT%02d:%02d:%02d.%03ld+08:00</dateTime><eventType>ANPR</eventType><eventState>active</eventState>"
        "<ANPR><licensePlate>%s</licensePlate><line>1</line><direction>forward</direction><confidenceLevel>97</confidenceLevel>"
        "<plateType>92TypeCivil</plateType><plateColor>blue</plateColor></ANPR><UUID>%s</UUID><isDataRetransmission>false</isDataRetransmission>"
        "</EventNotificationAlert>",
        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, t.tv_nsec / 1000000, text, key);
    char all[3072];
    int h = snprintf(head, sizeof head, "POST /camera/camera-%d HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n", lane, n);
    memcpy(all, head, (size_t)h); memcpy(all + h, body, (size_t)n);
    memcpy(c->key, key, sizeof c->key);
    c->busy = 1; c->n = 0;
    uint64_t at = now_ns();
    if (write(c->fd, all, (size_t)(h + n)) != h + n) { close(c->fd); c->fd = -1; c->busy = 0; return 0; }
    return at;
}

static void answer(struct connection *c) {
    ssize_t r = read(c->fd, c->buf + c->n, sizeof c->buf - 1 - (size_t)c->n);
    if (r < 0 && errno == EAGAIN) return;
    if (r <= 0) { close(c->fd); c->fd = -1; c->busy = 0; return; }
    c->n += (int)r; c->buf[c->n] = 0;
    char *end = strstr(c->buf, "\r\n\r\n"), *length = strcasestr(c->buf, "content-length:");
    if (!end || (length && length < end && c->n < (int)(end - c->buf) + 4 + atoi(length + 15))) return;
    printf("A %s %d\n", c->key, atoi(c->buf + 9));
    c->busy = 0; c->n = 0;
}

/* Arms and cars: up within 80 ms, a car 250 ms under the arm, down again. */
static void advance(struct lane *l, uint64_t now) {
    if (l->step == IDLE || now < l->next) return;
    switch (l->step) {
    case COMMANDED: limits(l, 0, 0); l->step = RISING; l->next = now + 60 * MS; break;
    case RISING: limits(l, 1, 0); l->step = UP; l->next = now + 120 * MS; break;
    case UP: safety(l, 1); l->step = UNDER; l->next = now + 400 * MS; break;
    case UNDER: safety(l, 0); l->step = PASSED; l->next = now + 700 * MS; break;
    case PASSED: limits(l, 0, 0); l->step = LOWERING; l->next = now + 120 * MS; break;
    case LOWERING: limits(l, 0, 1); l->step = RESTING; l->next = now + 400 * MS; break;
    default: l->step = IDLE;
    }
}

static void fire(uint64_t now) {
    if (!wants_fire || now < fire_at) return;
    switch (fire_state) {
    case 0: set_input(&boards[0], FIRE_IN, 0); fire_state = 1; fire_reported = 0; fire_at = now + 1000 * MS; break;
    case 1: case 2: fire_state = 3; break; /* not answered: counted by its absence */
    case 3: set_input(&boards[0], FIRE_IN, 1); fire_state = 4; fire_at = now + 2300 * MS; break;
    case 4: set_input(&boards[0], RESET_IN, 1); fire_state = 5; fire_at = now + 150 * MS; break;
    case 5: set_input(&boards[0], RESET_IN, 0); fire_state = 0; fire_at = now + (fire_ms > 2650 ? fire_ms - 2650 : 100) * MS + rnd(60) * MS; break;
    }
}

static void serve(int timeout_us) {
    struct pollfd p[BOARDS + CONNECTIONS + 1];
    int n = 0, of[BOARDS + CONNECTIONS + 1];
    for (int i = 0; i < BOARDS; i++) { p[n] = (struct pollfd){boards[i].master, POLLIN, 0}; of[n++] = i; }
    for (int i = 0; i < CONNECTIONS; i++) if (connections[i].fd >= 0) { p[n] = (struct pollfd){connections[i].fd, POLLIN, 0}; of[n++] = BOARDS + i; }
    struct timespec limit = {0, timeout_us * 1000L};
    int ready = ppoll(p, (nfds_t)n, &limit, NULL);
    uint64_t seen = now_ns();
    for (int i = 0; ready > 0 && i < n; i++) {
        if (!(p[i].revents & (POLLIN | POLLERR | POLLHUP))) continue;
        if (of[i] >= BOARDS) { answer(&connections[of[i] - BOARDS]); continue; }
        struct board *b = &boards[of[i]];
        ssize_t r = read(b->master, b->buf + b->n, sizeof b->buf - (size_t)b->n);
        if (r > 0) b->n += (int)r;
        while (request(b, of[i], seen)) {}
        if (b->n > 512) b->n = 0;
    }
    uint64_t now = now_ns();
    for (int b = 0; b < BOARDS; b++) for (int i = 0; i < 32; i++)
        if (boards[b].pulse_end[i] && now >= boards[b].pulse_end[i]) { boards[b].pulse_end[i] = 0; boards[b].coils &= ~(1u << i); }
    for (int i = 0; i < lane_count; i++) advance(&lanes[i], now);
    fire(now);
}

/* Residents by turns: entries take those outside, exits those inside, the longest inside first and none
   before its passage is over. */
struct resident { int plate; uint64_t from; };
static struct resident outside[1000], inside[1000];
static int outside_count, inside_count;
static int take(struct resident *list, int *count, uint64_t now) {
    if (*count == 0 || list[0].from > now) return -1;
    int plate = list[0].plate;
    memmove(list, list + 1, sizeof *list * (size_t)--*count);
    return plate;
}

static void latency(int samples) {
    int done = -warm_up, next = 0;
    for (int i = 0; i < 4; i++) connections[i].fd = dial(); /* kept alive: no accept within a measurement */
    uint64_t wait_until = now_ns() + 300 * MS;
    struct lane *current = NULL;
    while (done < samples) {
        uint64_t before = now_ns();
        serve(!current && wait_until > before && wait_until < before + MS ? (int)((wait_until - before) / 1000) : 1000);
        uint64_t now = now_ns();
        if (current && current->is_waiting && now - current->sent > 2000 * MS) {
            printf("T %ld %d\n", current - lanes, current->plate);
            current->is_waiting = 0; current->step = RESTING; current->next = now + 20000 * MS;
            current = NULL; done++;
        }
        if (current && !current->is_waiting) { current = NULL; done++; wait_until = now + 8 * MS + rnd(POLL); }
        if (current || now < wait_until) continue;
        struct lane *l = NULL;
        for (int i = 0; i < lane_count && !l; i++) {
            struct lane *candidate = &lanes[(next + i) % lane_count];
            int waits = candidate->leaves ? inside_count && inside[0].from <= now : outside_count && outside[0].from <= now;
            if (candidate->step == IDLE && waits) { l = candidate; next = (int)(candidate - lanes) + 1; }
        }
        if (!l) continue;
        l->plate = l->leaves ? take(inside, &inside_count, now) : take(outside, &outside_count, now);
        l->is_waiting = 1; l->polled = 0;
        l->sent = push_read((int)(l - lanes), l->plate, l->key);
        if (!l->sent) { fprintf(stderr, "twin: no gateway at port %d\n", port); exit(1); }
        struct resident moved = {l->plate, now + 4000 * MS};
        if (l->leaves) outside[outside_count++] = moved; else inside[inside_count++] = moved;
        current = l;
    }
    uint64_t end = now_ns() + 1500 * MS;
    while (now_ns() < end) serve(2000);
}

static void load(int rate, int seconds) {
    uint64_t start = now_ns(), end = start + (uint64_t)seconds * 1000 * MS, sent = 0;
    char key[40];
    while (now_ns() < end) {
        serve(1000);
        uint64_t now = now_ns();
        while ((now - start) * (uint64_t)rate / 1000000000ull > sent)
            push_read((int)(sent++ % (uint64_t)lane_count), (int)rnd(2000), key);
        for (int i = 0; i < lane_count; i++) {
            struct lane *l = &lanes[i];
            if (l->pulse_until && now >= l->pulse_until) { safety(l, 0); l->pulse_until = 0; }
            if (l->step == IDLE && now >= l->next_pulse) {
                safety(l, 1); l->pulse_until = now + (60 + rnd(80)) * MS; l->next_pulse = now + (500 + rnd(1500)) * MS;
            }
        }
        fflush(stdout);
    }
}

/* One read as it is ordered; the opening that follows, however late, is its. */
static void drive(void) {
    char line[128], plate[64];
    int n = 0, lane;
    warm_up = 0;
    fcntl(0, F_SETFL, O_NONBLOCK);
    for (;;) {
        serve(1000);
        fflush(stdout);
        ssize_t r = read(0, line + n, sizeof line - 1 - (size_t)n);
        if (r == 0 || (r < 0 && errno != EAGAIN)) return;
        if (r < 0) continue;
        n += (int)r;
        for (char *end; (end = memchr(line, '\n', (size_t)n));) {
            *end = 0;
            if (sscanf(line, "R %d %63s", &lane, plate) == 2 && lane >= 0 && lane < lane_count) {
                struct lane *l = &lanes[lane];
                l->plate = 0; l->is_waiting = 1; l->polled = 0;
                if (l->step == RESTING) l->step = IDLE;
                l->sent = push_text(lane, plate, l->key);
            }
            n -= (int)(end + 1 - line);
            memmove(line, end + 1, (size_t)n);
        }
        if (n == (int)sizeof line - 1) n = 0;
    }
}

int main(int argc, char **argv) {
    int samples = 100, permits = 100, rate = 20, seconds = 30;
    if (argc < 4) { fprintf(stderr, "usage: twin latency|load|drive LINK-PREFIX PORT key=value...\n"); return 2; }
    port = atoi(argv[3]);
    for (int i = 4; i < argc; i++) {
        char *v = strchr(argv[i], '=');
        if (!v) return 2;
        int number = atoi(v + 1);
        if (!strncmp(argv[i], "lanes=", 6)) lane_count = number;
        else if (!strncmp(argv[i], "samples=", 8)) samples = number;
        else if (!strncmp(argv[i], "permits=", 8)) permits = number;
        else if (!strncmp(argv[i], "rate=", 5)) rate = number;
        else if (!strncmp(argv[i], "seconds=", 8)) seconds = number;
        else if (!strncmp(argv[i], "fire=", 5)) wants_fire = number;
        else if (!strncmp(argv[i], "fire_ms=", 8)) fire_ms = (uint64_t)number;
    }
    for (int i = 0; i < CONNECTIONS; i++) connections[i].fd = -1;
    for (int i = 0; i < BOARDS; i++) {
        int slave; char link[4096], name[64]; struct termios t;
        if (openpty(&boards[i].master, &slave, name, NULL, NULL)) { perror("openpty"); return 1; }
        tcgetattr(slave, &t); cfmakeraw(&t); tcsetattr(slave, TCSANOW, &t); /* the slave stays open: no hangup between runs */
        fcntl(boards[i].master, F_SETFL, O_NONBLOCK);
        snprintf(link, sizeof link, "%s%d", argv[2], i);
        unlink(link);
        if (symlink(name, link)) { perror(link); return 1; }
    }
    for (int i = 0; i < LANES; i++) {
        lanes[i] = (struct lane){.board = i / PER_BOARD, .index = i % PER_BOARD, .leaves = i % 2};
        safety(&lanes[i], 0); limits(&lanes[i], 0, 1);
    }
    set_input(&boards[0], FIRE_IN, 1);
    for (int i = 0; i < permits && i < 1000; i++) outside[outside_count++].plate = permits <= 1000 ? i : (int)((uint64_t)i * 97 % (uint64_t)permits);
    printf("ready\n"); fflush(stdout);
    struct pollfd in = {0, POLLIN, 0};
    while (poll(&in, 1, 0) == 0) serve(2000);
    char line[16];
    if (read(0, line, sizeof line) < 0) return 1;
    fire_at = now_ns() + 1000 * MS;
    if (!strcmp(argv[1], "latency")) latency(samples);
    else if (!strcmp(argv[1], "drive")) drive();
    else load(rate, seconds);
    uint64_t end = now_ns() + 300 * MS;
    while (now_ns() < end) serve(2000);
    printf("done\n");
    return 0;
}
