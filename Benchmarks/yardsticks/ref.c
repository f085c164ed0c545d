// SPDX-License-Identifier: Apache-2.0
/* usage: ref DIR   prints the two reference workloads of this machine at this moment */
#include "ref.h"
int main(int argc, char **argv) {
    const char *d = argc > 1 ? argv[1] : ".";
    double c = ref_cpu(), s = ref_sync(d, 0.5);
    printf("FIGURE ref_cpu_msteps=%.1f ref_fdatasync4k_s=%.1f\n", c, s);
}
