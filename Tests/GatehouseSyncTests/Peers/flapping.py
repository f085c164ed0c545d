#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flapping.py PORT FLAPS SEED: a line to 127.0.0.1:PORT that is cut, hard, after a few hundred to a few thousand bytes,
FLAPS times, and holds from then on. Prints its own port, then one line per cut."""
import random
import select
import socket
import struct
import sys

port, flaps, dice = int(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)


def cut(*ends):
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()


done = 0
while True:
    near, _ = listener.accept()
    try:
        far = socket.create_connection(("127.0.0.1", port))
    except OSError:
        cut(near)
        continue
    left = dice.randint(40, 6000) if done < flaps else None
    while True:
        ready, _, _ = select.select([near, far], [], [])
        ended = False
        for end in ready:
            try:
                data = end.recv(4096 if left is None else max(1, min(4096, left)))
            except OSError:
                data = b""
            ended = ended or not data
            try:
                (far if end is near else near).sendall(data)
            except OSError:
                ended = True
            left = None if left is None else left - len(data)
        if ended or left is not None and left <= 0:
            cut(near, far)
            if left is not None and left <= 0:
                done += 1
                print("cut", done, flush=True)
            break
