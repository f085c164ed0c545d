// SPDX-License-Identifier: Apache-2.0
/* usage: mqtt_qos1 HOST PORT COUNT INFLIGHT BODY_BYTES [TOPIC] [FIRST_ID] [RATE]
   Keeps INFLIGHT QoS1 publishes unacknowledged at a time with libmosquitto, single thread; msgs/s to the last PUBACK.
   The body is JSON with a running id and a unique millisecond ts; RATE paces it (0 = as fast as it goes). Stops and reports what was acknowledged if the link breaks. */
#include "ref.h"
#include <mosquitto.h>
#include <sys/resource.h>
static long acked, conn;
static void onpub(struct mosquitto *m, void *u, int mid) { (void)m; (void)u; (void)mid; acked++; }
static void onconn(struct mosquitto *m, void *u, int rc) { (void)m; (void)u; conn = rc == 0 ? 1 : -1; }
int main(int argc, char **argv) {
    if (argc < 6) { fprintf(stderr, "usage: mqtt_qos1 HOST PORT COUNT INFLIGHT BYTES [TOPIC]\n"); return 2; }
    long n = atol(argv[3]), fl = atol(argv[4]), sent = 0, base = argc > 7 ? atol(argv[7]) : 0; double rate = argc > 8 ? atof(argv[8]) : 0; int by = atoi(argv[5]); const char *topic = argc > 6 ? argv[6] : "bench/ev";
    double rc = ref_cpu(); mosquitto_lib_init(); struct mosquitto *m = mosquitto_new(NULL, true, NULL);
    mosquitto_publish_callback_set(m, onpub); mosquitto_connect_callback_set(m, onconn);
    mosquitto_int_option(m, MOSQ_OPT_SEND_MAXIMUM, fl > 65535 ? 65535 : (int)fl); mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    if (mosquitto_connect(m, argv[1], atoi(argv[2]), 60)) { fprintf(stderr, "connect failed\n"); return 1; }
    while (!conn) mosquitto_loop(m, 100, 1);
    char *b = malloc((size_t)by); memset(b, 'x', (size_t)by); uint64_t t0 = now_ns();
    while (acked < n) {
        while (sent < n && sent - acked < fl && (rate <= 0 || (double)sent < rate * (double)(now_ns() - t0) / 1e9)) { int l = snprintf(b, (size_t)by, "{\"id\":%ld,\"ts\":%lld,\"pad\":\"", base + sent, 1700000000000ll + base + sent); memset(b + l, 'x', (size_t)(by - l)); memcpy(b + by - 2, "\"}", 2); if (mosquitto_publish(m, NULL, topic, by, b, 1, false)) { fprintf(stderr, "publish failed\n"); return 1; } sent++; }
        int r = mosquitto_loop(m, rate > 0 ? 2 : 1000, 1); if (r) { fprintf(stderr, "loop: %s\n", mosquitto_strerror(r)); break; }
    }
    double el = (double)(now_ns() - t0) / 1e9; struct rusage u; getrusage(RUSAGE_SELF, &u);
    double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    printf("FIGURE acked=%ld msgs_s=%.0f client_cpu_us_per_msg=%.2f maxrss_kb=%ld ref_cpu_msteps=%.1f\n", acked, (double)n / el, cpu * 1e6 / (double)n, u.ru_maxrss, rc);
}
