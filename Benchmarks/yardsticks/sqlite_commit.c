// SPDX-License-Identifier: Apache-2.0
/* usage: sqlite_commit DIR full|normal GROUP SECONDS [BODY_BYTES]
   One writer, WAL journal, one table with an INTEGER PRIMARY KEY and a blob body, as an event journal has.
   GROUP inserts per transaction. Prints commits/s, rows/s, storage bytes written per row. */
#include "ref.h"
#include <sqlite3.h>
#define CK(x) do { int r_ = (x); if (r_ != SQLITE_OK && r_ != SQLITE_DONE && r_ != SQLITE_ROW) { \
    fprintf(stderr, "%s: %s\n", #x, sqlite3_errmsg(db)); exit(1); } } while (0)
int main(int argc, char **argv) {
    if (argc < 5) { fprintf(stderr, "usage: sqlite_commit DIR full|normal GROUP SECONDS [BODY]\n"); return 2; }
    int group = atoi(argv[3]), body = argc > 5 ? atoi(argv[5]) : 256; double sec = atof(argv[4]);
    double rc = ref_cpu(), rs = ref_sync(argv[1], 0.4);
    char dir[4096], p[4200]; snprintf(dir, sizeof dir, "%s/sq-XXXXXX", argv[1]);
    if (!mkdtemp(dir)) { perror("mkdtemp"); return 1; }
    snprintf(p, sizeof p, "%s/j.db", dir);
    sqlite3 *db; sqlite3_stmt *ins, *b, *c; if (sqlite3_open(p, &db)) return 1;
    CK(sqlite3_exec(db, "PRAGMA journal_mode=WAL", 0, 0, 0));
    CK(sqlite3_exec(db, !strcmp(argv[2], "full") ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", 0, 0, 0));
    CK(sqlite3_exec(db, "CREATE TABLE ev(id INTEGER PRIMARY KEY, ts INTEGER, kind INTEGER, gate INTEGER, body BLOB)", 0, 0, 0));
    CK(sqlite3_prepare_v2(db, "INSERT INTO ev(ts,kind,gate,body) VALUES(?,?,?,?)", -1, &ins, 0));
    CK(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &b, 0));
    CK(sqlite3_prepare_v2(db, "COMMIT", -1, &c, 0));
    char *buf = malloc((size_t)body); for (int i = 0; i < body; i++) buf[i] = (char)('a' + i % 26);
    size_t cap = 4000000, n = 0; uint64_t *lat = malloc(cap * sizeof *lat); uint64_t rows = 0;
    long long io0 = io_write_bytes(), dv0 = dev_write_bytes(argv[1]); uint64_t t0 = now_ns(), t = t0;
    while ((double)(t - t0) < sec * 1e9 && n < cap) {
        uint64_t s = now_ns();
        CK(sqlite3_step(b)); sqlite3_reset(b);
        for (int i = 0; i < group; i++) {
            sqlite3_bind_int64(ins, 1, (sqlite3_int64)s); sqlite3_bind_int(ins, 2, 3); sqlite3_bind_int(ins, 3, i & 7);
            sqlite3_bind_blob(ins, 4, buf, body, SQLITE_STATIC);
            CK(sqlite3_step(ins)); sqlite3_reset(ins); rows++;
        }
        CK(sqlite3_step(c)); sqlite3_reset(c);
        t = now_ns(); lat[n++] = t - s;
    }
    double el = (double)(t - t0) / 1e9; 
    long long io1 = io_write_bytes(), dv1 = dev_write_bytes(argv[1]);
    sqlite3_finalize(ins); sqlite3_finalize(b); sqlite3_finalize(c);
    CK(sqlite3_close(db)); 
    struct stat st; stat(p, &st);
    qsort(lat, n, sizeof *lat, cmp_u64);
    unlink(p); char q[4300]; snprintf(q, sizeof q, "%s-wal", p); unlink(q); snprintf(q, sizeof q, "%s-shm", p); unlink(q); rmdir(dir);
    printf("FIGURE commits_s=%.1f rows_s=%.1f p50_us=%.1f p99_us=%.1f p999_us=%.1f written_b_per_row=%.1f device_b_per_row=%.1f db_b_per_row=%.1f ref_cpu_msteps=%.1f ref_fdatasync4k_s=%.1f commits_per_refsync=%.3f\n",
        (double)n / el, (double)rows / el, pct(lat, n, .5) / 1e3, pct(lat, n, .99) / 1e3, pct(lat, n, .999) / 1e3,
        (double)(io1 - io0) / (double)rows, (double)(dv1 - dv0) / (double)rows, (double)st.st_size / (double)rows, rc, rs, (double)n / el / rs);
}
