"""The blocks "plan" and "active" of docs/cabinet-map.md, read by its words alone.

Shares nothing with the Swift sources: zlib counts the checksum.
"""

import struct
import zlib

PLAN, PLAN_LENGTH = 400, 90
ACTIVE, ACTIVE_LENGTH = 600, 90
PLAN_SIGNATURE, ACTIVE_SIGNATURE = 0x504C, 0x4143
KEY = 0xA55A


def long(registers: list[int], offset: int) -> int:
    return registers[offset] << 16 | registers[offset + 1]


def checksum(registers: list[int]) -> int:
    """CRC-32 of registers 0 to 79 as they are in the order, with the signature of "plan"."""
    summed = [PLAN_SIGNATURE] + registers[1:80]
    return zlib.crc32(struct.pack(">80H", *summed))


def decode(registers: list[int], signature: int) -> dict:
    """What a block says; "wrong" lists what contradicts the page."""
    wrong = []
    if registers[0] != signature:
        wrong.append(f"signature {registers[0]:#x}")
    if registers[1] != 1:
        wrong.append(f"format {registers[1]}")
    if long(registers, 80) != checksum(registers):
        wrong.append("checksum")
    if any(registers[13:16]) or registers[12]:
        wrong.append("flags or reserved registers")
    count = registers[7]
    entries = [registers[16 + 4 * i : 20 + 4 * i] for i in range(16)]
    if any(any(entry) for entry in entries[count:]):
        wrong.append("entries beyond their number")
    return {
        "epoch": long(registers, 2),
        "sequence": long(registers, 4),
        "entries": [entry[:3] for entry in entries[:count]],
        "cycle": registers[8],
        "offset": registers[9],
        "apply": registers[10],
        "lease": registers[11],
        "crc": long(registers, 80),
        "wrong": wrong,
    }
