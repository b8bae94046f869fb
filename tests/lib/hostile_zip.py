"""ZIPs that no packer writes: encrypted, lying, overlapping, huge when unpacked.

    pack({"watched.csv": b"..."})                     an ordinary one
    pack(files, flags=ENCRYPTED)                      says it is encrypted
    by_hand([Entry("a.csv", data, claims=10)])        says it unpacks to 10 bytes
    overlapping(names, data)                          many names, one content
"""

import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED, LZMA = 0, 8, 14
ENCRYPTED, UTF8 = 0x0001, 0x0800
MODE_FILE, MODE_LINK = 0o100644, 0o120777


def pack(files):
    """What everybody's packer makes of {name: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def deflated(data, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def noise(size, seed=1):
    """Bytes that cannot be packed."""
    return random.Random(seed).randbytes(size)


class ZipCrypto:
    """The cipher of ZIP 2.0, which `zip -e` still writes."""

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    @staticmethod
    def crc(value, byte):
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(self, byte):
        a, b, c = self.keys
        a = self.crc(a, byte)
        b = ((b + (a & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [a, b, self.crc(c, b >> 24)]

    def encrypt(self, data):
        out = bytearray()
        for byte in data:
            k = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ (((k * (k ^ 1)) >> 8) & 0xFF))
            self.update(byte)
        return bytes(out)


@dataclass
class Entry:
    name: object          # str or bytes
    data: bytes = b""     # unpacked
    method: int = DEFLATED
    flags: int = UTF8
    mode: int = MODE_FILE
    claims: object = None  # size it says to unpack to; None: the true one
    crc: object = None     # None: the true one
    packed: object = None  # None: data, packed by method


def _name(entry):
    return entry.name.encode() if isinstance(entry.name, str) else entry.name


def _packed(entry):
    if entry.packed is not None:
        return entry.packed
    return deflated(entry.data) if entry.method == DEFLATED else entry.data


def _common(entry, packed):
    crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
    size = len(entry.data) if entry.claims is None else entry.claims
    return struct.pack("<HHHHIIIHH", entry.flags, entry.method, 0, 0x5000, crc,
                       len(packed), size, len(_name(entry)), 0)


def _local(entry, packed):
    return (LOCAL + struct.pack("<H", 20) + _common(entry, packed)
            + _name(entry) + packed)


def _central(entry, packed, offset):
    return (CENTRAL + struct.pack("<HH", 0x0314, 20) + _common(entry, packed)
            + struct.pack("<HHHII", 0, 0, 0, entry.mode << 16, offset)
            + _name(entry))


def _finish(locals_, centrals, count):
    directory = b"".join(centrals)
    return b"".join(locals_) + directory + END + struct.pack(
        "<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory),
        sum(map(len, locals_)), 0)


def by_hand(entries):
    locals_, centrals, offset = [], [], 0
    for entry in entries:
        packed = _packed(entry)
        centrals.append(_central(entry, packed, offset))
        locals_.append(_local(entry, packed))
        offset += len(locals_[-1])
    return _finish(locals_, centrals, len(entries))


def encrypted(name, data, password=b"secret"):
    packed = deflated(data)
    cipher = ZipCrypto(password)
    check = bytes([zlib.crc32(data) >> 24])
    return by_hand([Entry(name, data, flags=UTF8 | ENCRYPTED,
                          packed=cipher.encrypt(noise(11) + check + packed))])


def overlapping(names, data):
    """Fifield's bomb: the content of each file begins with the header of the
    next one, in a stored block, and goes on with that one's content."""
    packed = deflated(data)
    entries = [Entry(names[-1], data, packed=packed)]
    locals_ = [_local(entries[0], packed)]
    for name in reversed(names[:-1]):
        header = locals_[0][:len(locals_[0]) - len(packed)]
        size = len(header)
        packed = struct.pack("<BHH", 0, size, size ^ 0xFFFF) + header + packed
        data = header + data
        entries.insert(0, Entry(name, data, packed=packed))
        locals_.insert(0, _local(entries[0], packed))
    end = len(locals_[0])
    centrals = [_central(e, e.packed, end - len(local))
                for e, local in zip(entries, locals_)]
    return _finish(locals_[:1], centrals, len(entries))


def many_entries(count):
    """Names only, and more than the classic directory can count."""
    return by_hand([Entry(f"lists/{i}.csv", b"", STORED)
                    for i in range(count)])


# --- forms

def form(data, boundary=b"bound", name=b"export.zip", field=b"file"):
    return (b"--" + boundary + b"\r\nContent-Disposition: form-data; name=\""
            + field + b"\"; filename=\"" + name + b"\"\r\n"
            b"Content-Type: application/zip\r\n\r\n" + data
            + b"\r\n--" + boundary + b"--\r\n")
