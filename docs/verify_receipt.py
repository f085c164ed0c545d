#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a Gatehouse receipt without any Gatehouse code.

    verify_receipt.py [--rotation FILE] RECEIPT.json CHECKPOINT KEY [KEY ...]

RECEIPT.json  the receipt; what its member "proof" proves is printed, what stands beside it must say the same
CHECKPOINT    a file with a signed checkpoint of the same ledger, from another source than the receipt
KEY           the ledger's verifier key, name+hash+base64; or several that are trusted
FILE          statements of key rotations, as `gatehouse ledger key --rotations` prints them: whoever trusts a
              key trusts the one that it names as the next; a lost key names none

Says what was checked, what is proven and what is not, and ends with 0; or says on standard error which step
failed, and ends with 1.
Ends with 2 when it was called wrongly.

Written from the standards, not from the gateway's source:
    RFC 9162 2.1               Merkle tree, inclusion and consistency proofs, SHA-256
    c2sp.org/signed-note       the form of a signed text, Ed25519 (RFC 8032)
    c2sp.org/tlog-checkpoint   origin, size and root in such a text

Needs Python 3.9 or later and the package "cryptography" (Debian: python3-cryptography).
"""

import base64
import binascii
import datetime
import hashlib
import json
import re
import struct
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit('The package "cryptography" is missing (Debian: python3-cryptography).')

MAXIMUM_FILE = 16_000_000
MAXIMUM_NOTE = 1_000_000
MAXIMUM_SIGNATURES = 16
MAXIMUM_PATH = 128
SALT_SIZE = 16
INTEGER_LIMIT = 2**63
OF_RECORD = (
    "stay plate category entry_s exit_s class tariff version tariff_hash currency"
    " paid owed collected excess outcome"
).split()
OF_CHARGE = "gross fee due flags lines".split()
EPOCH = datetime.datetime(1970, 1, 1)
ABSENT = object()


class Failure(Exception):
    """A step that did not hold."""

    verdict = "FAILED"

    def __init__(self, step, reason):
        super().__init__(f"{step}: {reason}")


class OtherTime(Failure):
    """Receipt and checkpoint may both be true; the one says nothing about the other."""

    verdict = "NOT VERIFIED"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def strict_base64(text):
    """Exactly the text that encodes the bytes, RFC 4648 section 4; None for any other."""
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    return decoded if base64.b64encode(decoded).decode("ascii") == text else None


# --- Merkle tree, RFC 9162 2.1 ---------------------------------------------------------------------------


def leaf_hash(data):
    return sha256(b"\x00", data)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def includes(leaf, index, size, path, root):
    """RFC 9162 2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn = index, size - 1
    result = leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            result = node_hash(sibling, result)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and result == root


def is_consistent(first, first_root, second, second_root, path):
    """RFC 9162 2.1.4.2, for first < second."""
    if not 0 < first < second or not path:
        return False
    nodes = list(path)
    if first & (first - 1) == 0:
        nodes.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(node, fr), node_hash(node, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


# --- Signed notes and checkpoints, c2sp.org --------------------------------------------------------------


def is_name(name):
    return name != "" and "+" not in name and not any(c.isspace() or c < " " for c in name)


class Key:
    """A verifier key, <name>+<hash>+<base64 of 0x01 and the public key>."""

    def __init__(self, text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not is_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
            raise Failure("key", "it is not name+hash+base64")
        data = strict_base64(parts[2])
        if data is None or len(data) != 33 or data[0] != 1:
            raise Failure("key", "it is not an Ed25519 key")
        self.name = parts[0]
        try:
            self.hash = sha256(self.name.encode("utf-8"), b"\n", data)[:4]
        except UnicodeEncodeError:
            raise Failure("key", "its name is not UTF-8") from None
        if self.hash.hex() != parts[1]:
            raise Failure("key", f"it says hash {parts[1]}, its hash is {self.hash.hex()}")
        self.data = data
        self.public = Ed25519PublicKey.from_public_bytes(data[1:])

    def __eq__(self, other):
        return (self.name, self.data) == (other.name, other.data)

    def verifies(self, signature, text):
        try:
            self.public.verify(signature, text)
            return True
        except InvalidSignature:
            return False


def open_note(note, keys, step):
    """The text of the note, and the names of the keys that signed it: at least one."""
    if len(note) > MAXIMUM_NOTE:
        raise Failure(step, f"the note has {len(note)} bytes, the limit is {MAXIMUM_NOTE}")
    try:
        note.decode("utf-8")
    except UnicodeDecodeError:
        raise Failure(step, "the note is not UTF-8") from None
    if any(byte < 0x20 and byte != 0x0A for byte in note):
        raise Failure(step, "there is a control character in the note")
    end = note.rfind(b"\n\n")
    if end < 0 or end + 2 == len(note) or not note.endswith(b"\n"):
        raise Failure(step, "the note has no empty line with signatures after it")
    text, lines = note[: end + 1], note[end + 2 : -1].split(b"\n")
    if len(lines) > MAXIMUM_SIGNATURES:
        raise Failure(step, f"the note has more than {MAXIMUM_SIGNATURES} signatures")
    signed_by = []
    for number, line in enumerate(lines, 1):
        parts = line.decode("utf-8").split(" ", 2)
        data = strict_base64(parts[2]) if len(parts) == 3 else None
        if len(parts) != 3 or parts[0] != "\u2014" or not is_name(parts[1]) or data is None or len(data) < 5:
            raise Failure(step, f"signature line {number} of the note is malformed")
        for key in keys:
            if (key.name, key.hash) == (parts[1], data[:4]):
                if not key.verifies(data[4:], text):
                    raise Failure(step, f"a signature says it is by {key.name} and is not")
                signed_by.append(key.name)
    if not signed_by:
        raise Failure(step, "it is not signed by a key that was given")
    return text, signed_by


# --- Rotations of the key --------------------------------------------------------------------------------

ROTATION = b"gatehouse key rotation v1"


def statements(data):
    """Each begins with the title and ends with its signatures; empty lines may be between them."""
    found = []
    for line in data.splitlines(keepends=True):
        if not found or line.rstrip(b"\n") == ROTATION:
            found.append(b"")
        found[-1] += line
    return [one.rstrip(b"\n") + b"\n" for one in found]


def trusted(keys, data):
    """The keys, and those that they lead to."""
    keys = list(keys)
    for note in statements(data):
        lines = note.split(b"\n\n")[0].split(b"\n")
        if len(lines) != 3 or lines[0] != ROTATION:
            raise Failure("rotation", "the note is not a statement of a key rotation")
        try:
            old, new = (Key(line.decode("utf-8")) for line in lines[1:])
        except UnicodeDecodeError:
            raise Failure("rotation", "the note is not UTF-8") from None
        if not any(key == old for key in keys):
            continue
        if old.name != new.name or old.hash == new.hash:
            raise Failure("rotation", "the new key is another ledger's or the old one")
        for key in (old, new):
            open_note(note, [key], "rotation")
        keys.append(new)
    return keys


class Checkpoint:
    def __init__(self, note, keys, step):
        text, signed_by = open_note(note, keys, step)
        lines = text.decode("utf-8")[:-1].split("\n")
        if len(lines) < 3 or "" in lines:
            raise Failure(step, "the text is not origin, size and root")
        self.origin = lines[0]
        if not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]) or int(lines[1]) >= INTEGER_LIMIT:
            raise Failure(step, "line 2 is not a size")
        self.size = int(lines[1])
        self.root = strict_base64(lines[2])
        if self.root is None or len(self.root) != 32:
            raise Failure(step, "line 3 is not a root hash")
        if self.origin not in signed_by:
            raise Failure(step, f"it is of {self.origin}, the key of {', '.join(signed_by)}")


# --- The receipt -----------------------------------------------------------------------------------------


def unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def read_json(data, step, what):
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise Failure(step, f"{what} cannot be read: {error}") from None


class Receipt:
    """The members of "proof", each of its type, and what is shown beside it."""

    def __init__(self, data):
        whole = read_json(data, "receipt", "it")
        proof = self.member(whole, "proof", dict)
        self.shown = {name: value for name, value in whole.items() if name != "proof"}
        record = self.member(proof, "record", dict)
        integers = {
            name: self.member(record, name, int)
            for name in ("sequence", "format", "wall_ms", "uptime_ns", "clock_quality")
        }
        if integers["clock_quality"] not in (0, 1, 2):
            raise Failure("receipt", "clock_quality is not 0, 1 or 2")
        kind, boot = self.text(record, "kind"), self.text(record, "boot")
        self.header = (
            b"GHR1"
            + struct.pack(">qqq", integers["sequence"], integers["wall_ms"], integers["uptime_ns"])
            + struct.pack(">Bq", integers["clock_quality"], integers["format"])
            + struct.pack(">I", len(kind)) + kind
            + struct.pack(">I", len(boot)) + boot
        )
        self.sequence = integers["sequence"]
        self.kind = kind.decode("utf-8")
        self.salt = self.hexadecimal(self.member(proof, "salt", str), "salt")
        # With a salt of another length a byte could move between salt and payload.
        if len(self.salt) != SALT_SIZE:
            raise Failure("salt", f"{len(self.salt)} bytes, not {SALT_SIZE}")
        self.payload = self.text(proof, "payload")
        self.leaf = self.member(proof, "leaf", int)
        self.size = self.member(proof, "size", int)
        self.path = self.hashes(proof, "path")
        self.checkpoint = self.text(proof, "checkpoint")
        self.consistency = self.hashes(proof, "consistency") if "consistency" in proof else None
        known = "consistency_size" in proof
        self.consistency_size = self.member(proof, "consistency_size", int) if known else None

    @staticmethod
    def member(parent, name, kind):
        value = parent.get(name) if isinstance(parent, dict) else None
        if type(value) is not kind:
            raise Failure("receipt", f"{name} is missing or of the wrong type")
        if kind is int and not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            raise Failure("receipt", f"{name} is out of range")
        return value

    @classmethod
    def text(cls, parent, name):
        try:
            return cls.member(parent, name, str).encode("utf-8")
        except UnicodeEncodeError:
            raise Failure("receipt", f"{name} is not a text") from None

    @staticmethod
    def hexadecimal(text, name):
        if not isinstance(text, str) or not re.fullmatch("(?:[0-9a-f]{2})*", text):
            raise Failure("receipt", f"{name} is not hexadecimal")
        return bytes.fromhex(text)

    @classmethod
    def hashes(cls, parent, name):
        found = [cls.hexadecimal(text, name) for text in cls.member(parent, name, list)]
        if len(found) > MAXIMUM_PATH or any(len(one) != 32 for one in found):
            raise Failure("receipt", f"{name} is not a list of at most {MAXIMUM_PATH} hashes")
        return found

    def leaf_hash(self):
        return leaf_hash(self.header + sha256(self.salt, self.payload))


def verify(receipt, given_note, keys):
    """Yields what was checked, step by step."""
    own = Checkpoint(receipt.checkpoint, keys, "checkpoint")
    if own.size != receipt.size:
        raise Failure("checkpoint", f"it is over {own.size} records, the receipt says {receipt.size}")
    yield f"the receipt's checkpoint of {own.origin} over {own.size} records is signed"
    leaf = receipt.leaf_hash()
    if not includes(leaf, receipt.leaf, receipt.size, receipt.path, own.root):
        raise Failure(
            "inclusion",
            f"the record, hash {leaf.hex()}, is not leaf {receipt.leaf} of the {receipt.size}"
            f" under root {own.root.hex()}",
        )
    yield f"the record is leaf {receipt.leaf} of {receipt.size}, hash {leaf.hex()}"
    given = Checkpoint(given_note, keys, "given checkpoint")
    if given.origin != own.origin:
        raise Failure("given checkpoint", f"it is of {given.origin}, the receipt's of {own.origin}")
    yield f"the given checkpoint of {given.origin} over {given.size} records is signed"
    if given.size < own.size:
        raise OtherTime(
            "consistency",
            f"the given checkpoint is over {given.size} records, the receipt's over {own.size}",
        )
    if given.size == own.size:
        if given.root != own.root:
            raise Failure(
                "same ledger",
                f"two signed checkpoints over {own.size} records have the roots {own.root.hex()}"
                f" and {given.root.hex()}",
            )
        yield f"both checkpoints are of the same ledger of {own.size} records"
        return
    leads_to = given.size if receipt.consistency_size is None else receipt.consistency_size
    if receipt.consistency is None:
        leads_to = own.size
    if leads_to != given.size:
        raise OtherTime(
            "consistency",
            f"this receipt leads to the checkpoint over {leads_to} records, the given one is over {given.size}",
        )
    if not is_consistent(own.size, own.root, given.size, given.root, receipt.consistency):
        raise Failure(
            "consistency",
            f"{own.size} records under root {own.root.hex()} do not lead to {given.size} under"
            f" {given.root.hex()}",
        )
    yield f"the ledger of {given.size} records begins with the {own.size} of the receipt's checkpoint"


def as_json(value, is_sorted=False):
    return json.dumps(value, ensure_ascii=False, sort_keys=is_sorted, separators=(",", ":"))


def is_same(one, other):
    """The order of an object's members says nothing; 1, 1.0 and true are not the same."""
    return as_json(one, is_sorted=True) == as_json(other, is_sorted=True)


def stamp(second):
    """RFC 3339, of the years that it can write, 0001 to 9999."""
    if type(second) is not int:
        return ABSENT
    try:
        return (EPOCH + datetime.timedelta(seconds=second)).isoformat(timespec="milliseconds") + "Z"
    except OverflowError:
        return ABSENT


def proven(receipt):
    """What the record says, under the names that a receipt has for it; ABSENT: nothing, which null is not."""
    record = read_json(receipt.payload, "contents", "the record")
    charge = record.get("charge", {}) if isinstance(record, dict) else None
    if not isinstance(charge, dict):
        raise Failure("contents", "the record cannot be read: it is not an object, or its charge is not")
    values = {"record": receipt.sequence}
    values.update((name, record.get(name, ABSENT)) for name in OF_RECORD)
    values.update((name, charge.get(name, ABSENT)) for name in OF_CHARGE)
    values.update((name, stamp(record.get(f"{name}_s"))) for name in ("entry", "exit"))
    origin = receipt.checkpoint.split(b"\n")[0].decode("utf-8")
    leaf = receipt.leaf_hash().hex()
    due = charge["due"] if type(charge.get("due")) is int else ""
    values["qr"] = f"GHL1;{origin};{receipt.size};{receipt.leaf};{leaf};{due}"
    return {**record, **values}


def compare(receipt, values):
    """The names of what the record says nothing about."""
    unproven = []
    for name, value in receipt.shown.items():
        if name not in values:
            unproven.append(name)
        elif values[name] is ABSENT or not is_same(value, values[name]):
            says = "nothing of it" if values[name] is ABSENT else as_json(values[name])[:200]
            raise Failure("contents", f"{name} is shown as {as_json(value)[:200]}, the record says {says}")
    return unproven


def shown(text):
    """What was read may hold characters that do something to a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def read(path, step):
    try:
        with open(path, "rb") as file:
            data = file.read(MAXIMUM_FILE + 1)
    except OSError as error:
        raise Failure(step, f"{path}: {error.strerror}") from None
    if len(data) > MAXIMUM_FILE:
        raise Failure(step, f"{path} has more than {MAXIMUM_FILE} bytes")
    return data


def main(arguments):
    rotation = None
    if arguments[:1] == ["--rotation"] and len(arguments) > 1:
        rotation, arguments = arguments[1], arguments[2:]
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace", line_buffering=True)
    try:
        keys = [Key(text) for text in arguments[2:]]
        if rotation is not None:
            keys = trusted(keys, read(rotation, "rotation"))
        receipt = Receipt(read(arguments[0], "receipt"))
        for line in verify(receipt, read(arguments[1], "given checkpoint"), keys):
            print(f"ok: {shown(line)}")
        values = proven(receipt)
        unproven = compare(receipt, values)
    except Failure as failure:
        print(f"{failure.verdict} {shown(str(failure))}", file=sys.stderr)
        return 1
    for name in ("record", *OF_RECORD, "entry", "exit", *OF_CHARGE, "disputed", "exempt"):
        if values.get(name, ABSENT) is not ABSENT:
            print(f"proven: {name} {shown(as_json(values[name]))}")
    if unproven:
        print(f"not proven by this receipt: {shown(', '.join(unproven))}")
    print(f"The receipt holds: record {receipt.sequence}, {shown(receipt.kind)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
