#!/usr/bin/env python3
"""Check an exported Zhengpin evidence log (证据日志) with nothing but Python 3.

    python3 verify.py DIR --vkey KEY [--against OLDER_CHECKPOINT]

DIR is one log (it holds `checkpoint` and `tile/`) or an export with several (it holds `logs/`). Written from the public
documents alone - RFC 6962, RFC 8032, C2SP signed-note, tlog-checkpoint and tlog-tiles - and from docs/verify-it-yourself.md;
it shares no code with the kit. It goes from the entries upwards: every entry, every tile, then the signed root.

Exit code 0: everything holds. 1: something does not, or could not be checked; each finding is one line.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys

# --- Ed25519 verification, RFC 8032 section 5.1 ---------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_point(data):
    """A point in extended coordinates (X, Y, Z, T) from its 32 bytes, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = recover_point(BASE_Y.to_bytes(32, "little"))


def ed25519_holds(public_key, message, signature):
    point_a, point_r = recover_point(public_key), recover_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or point_a is None or point_r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(point_r, multiply(k, point_a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Signed notes and checkpoints -----------------------------------------------------------------------------------


class Refused(Exception):
    """What was given cannot be used at all."""


def parse_vkey(text):
    """`<name>+<8 hex>+<base64 of 0x01 and the key>` to (name, key id, key)."""
    try:
        name, key_id, key = text.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        given = bytes.fromhex(key_id)
    except ValueError as error:
        raise Refused(f"not a verifier key: {text.strip()[:80]}") from error
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != 1 or given != expected:
        raise Refused(f"not an Ed25519 verifier key: {text.strip()[:80]}")
    return name, given, raw[1:]


def open_checkpoint(data, vkeys):
    """(origin, size, root) of a checkpoint that one of the keys signed, or None."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    cut = text.rfind("\n\n")
    if cut < 0:
        return None
    body, signatures = text[: cut + 1], text[cut + 2 :]
    for name, key_id, key in vkeys:
        for line in signatures.splitlines():
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] != "\u2014" or parts[1] != name:
                continue
            try:
                signature = base64.b64decode(parts[2], validate=True)
            except binascii.Error:
                continue
            if signature[:4] == key_id and ed25519_holds(key, body.encode(), signature[4:]):
                return read_body(body, name)
    return None


def read_body(body, name):
    lines = body.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        return None
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        return None
    # The kit's logs are named after their key and their tenant.
    if len(root) != 32 or not lines[0].startswith(name + "/"):
        return None
    return lines[0], int(lines[1]), root


# --- The Merkle tree of RFC 6962 ------------------------------------------------------------------------------------


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes):
    """Root over a list of neighbouring subtrees of one size, as MTH splits them."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(fold(hashes[:half]), fold(hashes[half:]))


class Peaks:
    """A tree that only grows: the roots of its perfect subtrees, the widest first."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        node, height = leaf, 0
        while self.peaks and self.peaks[-1][0] == height:
            node = node_hash(self.peaks.pop()[1], node)
            height += 1
        self.peaks.append((height, node))
        self.size += 1

    def root(self):
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            node = node_hash(left, node)
        return node


# --- The files of an export -----------------------------------------------------------------------------------------


def tile_path(kind, index):
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["tile", kind] + ["x" + group for group in groups[:-1]] + groups[-1:])


def read(folder, path):
    try:
        with open(os.path.join(folder, path), "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def split_bundle(data):
    """The entries of a bundle, and whether they end where the file does."""
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    return entries, at == len(data)


class Log:
    """One log on disk, checked from left to right with one tile a level in memory."""

    def __init__(self, folder, origin, size, report):
        self.folder, self.tenant, self.size, self.report = folder, origin.rsplit("/", 1)[1], size, report
        self.levels = []
        self.missing_from = None

    def check_files(self, kind, index, width, span, expected_of):
        """Every file of one tile, the full one and each partial one, against what it must hold."""
        path = tile_path(kind, index)
        partial = os.path.join(self.folder, path + ".p")
        widths = sorted(int(w) for w in os.listdir(partial) if w.isdigit()) if os.path.isdir(partial) else []
        files = [(f"{path}.p/{w}", w) for w in widths if w <= width]
        if width == 256 or os.path.exists(os.path.join(self.folder, path)):
            files.append((path, width))
        if width < 256 and width not in widths and not os.path.exists(os.path.join(self.folder, path)):
            self.report("missing", index * 256 * span, f"{path}.p/{width} is not there")
        for name, w in files:
            data = read(self.folder, name)
            expected = expected_of(w)
            if data is None:
                self.report("missing", index * 256 * span, f"{name} is not there")
            elif data != expected and not (name == path and width < 256 and data.startswith(expected)):
                unit = 32 if kind != "entries" else None
                at = next((i for i in range(w) if data[i * 32 : i * 32 + 32] != expected[i * 32 : i * 32 + 32]), w - 1) if unit else 0
                self.report("edited", (index * 256 + at) * span, f"{name} is not what the entries make it")

    def close_tile(self, level, index, hashes):
        self.check_files(str(level), index, len(hashes), 256**level, lambda w: b"".join(hashes[:w]))

    def push(self, level, node):
        """Take a hash into the tile of its level; a full tile hands its root to the level above."""
        if level == len(self.levels):
            self.levels.append([0, []])
        row = self.levels[level]
        row[1].append(node)
        if len(row[1]) == 256:
            self.close_tile(level, row[0], row[1])
            self.push(level + 1, fold(row[1]))
            row[0], row[1] = row[0] + 1, []

    def entries(self):
        """Every entry in order; stops where entries are missing, for nothing after that can be placed in the tree."""
        for index in range(-(-self.size // 256)):
            first, width = index * 256, min(256, self.size - index * 256)
            path = tile_path("entries", index)
            data = read(self.folder, path) if width == 256 else (read(self.folder, f"{path}.p/{width}") or read(self.folder, path))
            if data is None:
                later = any(os.path.exists(os.path.join(self.folder, tile_path("entries", i))) for i in range(index + 1, -(-self.size // 256)))
                self.report("missing" if later else "truncated", first, f"the bundle of entries {first} to {first + width - 1} is not there")
                return
            entries, is_whole = split_bundle(data)
            if len(entries) < width:
                self.report("missing", first + len(entries), f"the bundle holds {len(entries)} entries instead of {width}")
                return
            if not is_whole or (len(entries) > width and width == 256):
                self.report("edited", first + width - 1, f"{path} has bytes behind its last entry")
            self.check_files("entries", index, width, 1, lambda w: b"".join(len(e).to_bytes(2, "big") + e for e in entries[:w]))
            stored = read(self.folder, tile_path("0", index)) if width == 256 else read(self.folder, f"{tile_path('0', index)}.p/{width}")
            for offset, entry in enumerate(entries[:width]):
                leaf = leaf_hash(entry)
                if stored is not None and stored[offset * 32 : offset * 32 + 32] != leaf:
                    self.report("edited", first + offset, "the entry does not have the hash in its tile")
                self.check_entry(first + offset, entry)
                yield leaf

    def check_entry(self, index, data):
        try:
            entry = json.loads(data.decode("utf-8"))
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or entry.get("seq") != index or entry.get("log") != self.tenant:
            self.report("edited", index, "the entry says it belongs elsewhere")

    def finish(self):
        for level, (index, hashes) in enumerate(self.levels):
            if hashes:
                self.close_tile(level, index, hashes)


def check_log(folder, vkeys, against, report):
    note = read(folder, "checkpoint")
    if note is None:
        report("missing", None, "checkpoint is not there")
        return None
    signed = open_checkpoint(note, vkeys)
    if signed is None:
        report("checkpoint-invalid", None, "no given key signed the checkpoint")
        return None
    origin, size, root = signed
    if against is not None and against[0] == origin and against[1] > size:
        report("rolled-back", size, f"the checkpoint ends after {size} entries, the older one has {against[1]}")
    tree, log = Peaks(), Log(folder, origin, size, report)
    agreed = 0
    for leaf in log.entries():
        tree.add(leaf)
        log.push(0, leaf)
        if against is not None and against[0] == origin and tree.size == against[1]:
            if tree.root() == against[2]:
                agreed = tree.size
            else:
                report("forked", 0, f"the first {tree.size} entries do not have the root of the older checkpoint")
    if tree.size == size:
        log.finish()
        if tree.root() != root:
            report("forked", agreed, "the entries do not have the signed root")
    print(f"{origin}: {tree.size} of {size} entries read, root {base64.b64encode(root).decode()}")
    return origin


def logs_in(folder):
    if os.path.exists(os.path.join(folder, "checkpoint")):
        return [folder]
    names = os.path.join(folder, "logs")
    if not os.path.isdir(names):
        raise Refused(f"{folder} holds neither a log nor logs/")
    origins = [read(names, name).decode().strip() for name in sorted(os.listdir(names)) if not name.startswith(".")]
    return [os.path.join(folder, *origin.split("/")) for origin in origins]


def main():
    parser = argparse.ArgumentParser(description="Check an exported evidence log.")
    parser.add_argument("folder")
    parser.add_argument("--vkey", action="append", default=[], help="verifier key you got elsewhere; may be repeated")
    parser.add_argument("--against", help="file with an older checkpoint you have kept")
    options = parser.parse_args()
    findings = []

    def report(kind, index, detail):
        where = "" if index is None else f" at entry {index}"
        findings.append(f"{kind}{where}: {detail}")

    try:
        folders = logs_in(options.folder)
        if not folders:
            raise Refused("there is no log here")
        given = [parse_vkey(key) for key in options.vkey]
        against, origins = None, set()
        if options.against:
            with open(options.against, "rb") as file:
                kept = file.read()
        for folder in folders:
            declared = (read(folder, "vkeys") or b"").decode().split("\n")
            vkeys = given or [parse_vkey(key) for key in declared if key]
            if not given:
                print("warning: the key came with the files and proves only that they agree with each other; use --vkey", file=sys.stderr)
            if options.against:
                opened = open_checkpoint(kept, vkeys)
                against = opened or against
            origins.add(check_log(folder, vkeys, against, report))
        if against is not None and against[0] not in origins:
            report("missing", None, f"the older checkpoint is about {against[0]}, which is not here")
        if options.against and against is None:
            report("checkpoint-invalid", None, "no given key signed the older checkpoint")
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    for finding in findings[:100]:
        print(finding)
    if len(findings) > 100:
        print(f"and {len(findings) - 100} more")
    print("FAILED" if findings else "OK")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
