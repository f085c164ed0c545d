// SPDX-License-Identifier: Apache-2.0
// termios2 lives apart: <asm/termbits.h> and <termios.h> cannot share a file.
#include "CGatehouseSystem.h"

#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int make_raw(int fd, uint32_t baud, int data_bits, char parity, int stop_bits) {
    struct termios2 t;
    if (ioctl(fd, TCGETS2, &t) < 0) return -errno;
    t.c_iflag = 0;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = CLOCAL | CREAD | BOTHER | (BOTHER << IBSHIFT);
    t.c_cflag |= data_bits == 7 ? CS7 : CS8;
    if (parity == 'E') t.c_cflag |= PARENB;
    if (parity == 'O') t.c_cflag |= PARENB | PARODD;
    if (stop_bits == 2) t.c_cflag |= CSTOPB;
    t.c_ispeed = baud;
    t.c_ospeed = baud;
    memset(t.c_cc, 0, sizeof t.c_cc);
    t.c_cc[VMIN] = 1;
    return ioctl(fd, TCSETS2, &t) < 0 ? -errno : 0;
}

/* Two readers of one line each get half of every answer. TIOCEXCL keeps out whoever opens it from now on, but not root
   and not who had it open before; the lock, which serial programs have agreed on, keeps those out too. */
static int hold_alone(int fd) {
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) return errno == EWOULDBLOCK ? -EBUSY : -errno;
    return ioctl(fd, TIOCEXCL) < 0 ? -errno : 0;
}

int gh_serial_open(const char *path, uint32_t baud, int data_bits, char parity, int stop_bits) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int answer = hold_alone(fd);
    if (answer == 0) answer = make_raw(fd, baud, data_bits, parity, stop_bits);
    if (answer < 0) {
        close(fd);
        return answer;
    }
    ioctl(fd, TCFLSH, 2);
    return fd;
}

int gh_serial_rs485(int fd, uint32_t delay_before_ms, uint32_t delay_after_ms) {
    struct serial_rs485 wanted = {.flags = SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND,
                                  .delay_rts_before_send = delay_before_ms,
                                  .delay_rts_after_send = delay_after_ms};
    struct serial_rs485 got;
    if (ioctl(fd, TIOCSRS485, &wanted) < 0) return -errno;
    // The kernel changes what the hardware cannot do without saying so.
    if (ioctl(fd, TIOCGRS485, &got) < 0) return -errno;
    return got.flags == wanted.flags ? 0 : -EOPNOTSUPP;
}

int gh_open_raw(const char *path) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int answer = make_raw(fd, 9600, 8, 'N', 1);
    if (answer < 0) {
        close(fd);
        return answer;
    }
    return fd;
}
