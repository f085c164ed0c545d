#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Python's own GBK codec, as the source of our table and as the peer that judges it.
#   gbk_peer.py table > Sources/GatehouseWire/GBKTable.swift
#   gbk_peer.py pairs    every two bytes and what they decode to: 8140 4e02
#   gbk_peer.py scalars  every character and its bytes: 4e00 d2bb 1, the last column 1 where GB 2312 has them
import sys

TRAILS = list(range(0x40, 0x7F)) + list(range(0x80, 0xFF))


def table():
    print("// SPDX-License-Identifier: Apache-2.0\n// swift-format-ignore-file\n")
    print("/// Every character of two bytes in the order of its bytes: lead 81–FE, trail 40–7E and 80–FE, two lines a")
    print("/// lead byte; `_` where GBK has none. Made by `Tests/PeerTests/gbk_peer.py table` from Python's codec.")
    print("enum GBKTable {\n    static let text = \"\"\"")
    for lead in range(0x81, 0xFF):
        row = "".join(character(lead, trail) for trail in TRAILS)
        print(f"        {row[:95]}\n        {row[95:]}")
    print("        \"\"\"\n}")


def character(lead, trail):
    try:
        return bytes([lead, trail]).decode("gbk")
    except UnicodeDecodeError:
        return "_"


def pairs():
    for first in range(256):
        for second in range(256):
            text = bytes([first, second]).decode("gbk", errors="replace")
            print(f"{first:02x}{second:02x}", *(f"{ord(c):x}" for c in text))


def scalars():
    for number in range(0x110000):
        if 0xD800 <= number < 0xE000:
            continue
        try:
            data = chr(number).encode("gbk")
        except UnicodeEncodeError:
            continue
        # GB 2312 has A1A4 and A1AA too; Python's codec of that name gives them other characters.
        old = data in (b"\xa1\xa4", b"\xa1\xaa")
        try:
            old = old or data.decode("gb2312") == chr(number)
        except UnicodeDecodeError:
            pass
        print(f"{number:x} {data.hex()} {int(old)}")


{"table": table, "pairs": pairs, "scalars": scalars}[sys.argv[1]]()
