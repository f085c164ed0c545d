// SPDX-License-Identifier: Apache-2.0
/* usage: replay SCRIPT JOURNAL.DB DIR
   Repeats a recorded run of the journal: its own statements, bytes and transaction borders, prepared, with
   the PRAGMAs of the store (page size, WAL, FULL, secure deletion, the log's size; its automatic checkpoint is
   the same one, called from the hook that counts the frames). SCRIPT is what gatehouse-bench
   writes: B, R seq, P table key value, D table key, C. The bytes of the records are read from JOURNAL.DB
   first, so that the timed part is what SQLite has to do and nothing else. */
#include "ref.h"
#include <sqlite3.h>
#define CK(x) do { int r_ = (x); if (r_ != SQLITE_OK && r_ != SQLITE_DONE && r_ != SQLITE_ROW) { \
    fprintf(stderr, "%s: %s\n", #x, sqlite3_errmsg(db)); exit(1); } } while (0)
enum { COLUMNS = 11 };
struct row { sqlite3_value *v[COLUMNS]; };
static unsigned char *script; static long size, at;
static int64_t number(void) { int64_t n; memcpy(&n, script + at, 8); at += 8; return n; }
static const unsigned char *bytes(int64_t *n) { *n = number(); const unsigned char *p = script + at; at += *n; return p; }
static long frames, before; /* written into the log, and where it stood at the last commit */
enum { CHECKPOINT = 4000 };
static int committed(void *unused, sqlite3 *db, const char *name, int in_log) {
    (void)unused;
    frames += in_log > before ? in_log - before : in_log; /* less: the log began anew */
    before = in_log;
    if (in_log >= CHECKPOINT) sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, 0, 0);
    return SQLITE_OK;
}
static void run(sqlite3 *db, sqlite3_stmt *s) { CK(sqlite3_step(s)); sqlite3_reset(s); }
static int64_t pragma(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s; CK(sqlite3_prepare_v2(db, sql, -1, &s, 0)); int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
    sqlite3_finalize(s); return v;
}
int main(int argc, char **argv) {
    if (argc < 4) { fprintf(stderr, "usage: replay SCRIPT JOURNAL.DB DIR\n"); return 2; }
    FILE *f = fopen(argv[1], "rb"); if (!f) { perror(argv[1]); return 1; }
    fseek(f, 0, SEEK_END); size = ftell(f); rewind(f); script = malloc((size_t)size + 1);
    if (fread(script, 1, (size_t)size, f) != (size_t)size) return 1;
    sqlite3 *db, *from; sqlite3_stmt *s; char path[4200], sql[4096];
    if (sqlite3_open_v2(argv[2], &from, SQLITE_OPEN_READWRITE, 0)) { fprintf(stderr, "%s\n", sqlite3_errmsg(from)); return 1; }
    db = from;
    int64_t rows = pragma(db, "SELECT count(*) FROM journal");
    struct row *row = calloc((size_t)rows + 1, sizeof *row);
    CK(sqlite3_prepare_v2(db, "SELECT seq, kind, format, wall, uptime, boot, clock_quality, payload, salt, payload_hash, hash FROM journal", -1, &s, 0));
    for (int64_t i = 1; sqlite3_step(s) == SQLITE_ROW && i <= rows; i++)
        for (int c = 0; c < COLUMNS; c++) row[i].v[c] = sqlite3_value_dup(sqlite3_column_value(s, c));
    sqlite3_finalize(s);
    char dir[4000]; snprintf(dir, sizeof dir, "%.3900s/replay-XXXXXX", argv[3]); if (!mkdtemp(dir)) { perror(dir); return 1; }
    snprintf(path, sizeof path, "%s/journal.db", dir);
    if (sqlite3_open(path, &db)) return 1;
    CK(sqlite3_exec(db, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=32768000; PRAGMA secure_delete=ON;"
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF", 0, 0, 0));
    CK(sqlite3_prepare_v2(from, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'", -1, &s, 0));
    while (sqlite3_step(s) == SQLITE_ROW) { snprintf(sql, sizeof sql, "%s", (const char *)sqlite3_column_text(s, 0)); CK(sqlite3_exec(db, sql, 0, 0, 0)); }
    sqlite3_finalize(s); sqlite3_close(from);
    sqlite3_stmt *begin, *commit, *insert, *put, *del;
    CK(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, 0));
    CK(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, 0));
    CK(sqlite3_prepare_v2(db, "INSERT INTO journal (seq, kind, format, wall, uptime, boot, clock_quality, payload, salt, payload_hash, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?)", -1, &insert, 0));
    CK(sqlite3_prepare_v2(db, "INSERT INTO projection (tbl, key, value) VALUES (?, ?, ?) ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value", -1, &put, 0));
    CK(sqlite3_prepare_v2(db, "DELETE FROM projection WHERE tbl = ? AND key = ?", -1, &del, 0));
    sqlite3_wal_hook(db, committed, NULL);
    uint64_t commits = 0, records = 0, t0 = now_ns();
    while (at < size) {
        int64_t n; const unsigned char *p;
        switch (script[at++]) {
        case 'B': run(db, begin); break;
        case 'C': run(db, commit); commits++; break;
        case 'R': n = number(); for (int c = 0; c < COLUMNS; c++) CK(sqlite3_bind_value(insert, c + 1, row[n].v[c])); run(db, insert); records++; break;
        case 'P': p = bytes(&n); CK(sqlite3_bind_text(put, 1, (const char *)p, (int)n, SQLITE_STATIC)); p = bytes(&n); CK(sqlite3_bind_blob(put, 2, p, (int)n, SQLITE_STATIC));
            p = bytes(&n); CK(sqlite3_bind_blob(put, 3, p, (int)n, SQLITE_STATIC)); run(db, put); break;
        case 'D': p = bytes(&n); CK(sqlite3_bind_text(del, 1, (const char *)p, (int)n, SQLITE_STATIC)); p = bytes(&n); CK(sqlite3_bind_blob(del, 2, p, (int)n, SQLITE_STATIC)); run(db, del); break;
        default: fprintf(stderr, "not a script\n"); return 1;
        }
    }
    double seconds = (double)(now_ns() - t0) / 1e9;
    printf("FIGURE commits_s=%.1f commits=%llu records=%llu wal_frames=%ld synchronous=%lld\n", (double)commits / seconds,
        (unsigned long long)commits, (unsigned long long)records, frames, (long long)pragma(db, "PRAGMA synchronous"));
    sqlite3_finalize(begin); sqlite3_finalize(commit); sqlite3_finalize(insert); sqlite3_finalize(put); sqlite3_finalize(del);
    sqlite3_close(db); unlink(path); rmdir(dir);
    return 0;
}
