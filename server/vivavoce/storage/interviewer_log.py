"""The format of the interviewer's track: what was heard, and when, as checksummed records.

Each record: magic, u64 first sample on the candidate's clock (16 kHz), u32 payload length, u32
CRC-32 of the two and the payload, then 24 kHz PCM16. Little-endian.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MAGIC = b"VVI1"
_HEADER = struct.Struct("<4sQII")
_CHECKED = struct.Struct("<QI")


@dataclass(frozen=True, slots=True)
class Heard:
    """A record that is whole; its audio lies at `offset` of the log."""

    at_sample: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


def heard_record(at_sample: int, pcm: bytes) -> bytes:
    checksum = zlib.crc32(pcm, zlib.crc32(_CHECKED.pack(at_sample, len(pcm))))
    return _HEADER.pack(_MAGIC, at_sample, len(pcm), checksum) + pcm


def whole_records(log: BinaryIO) -> Iterator[Heard]:
    """All records from the start up to the first that is torn."""
    size = log.seek(0, 2)
    at = 0
    while (record := _record_at(log, at, size)) is not None:
        yield record
        at = record.end


def _record_at(log: BinaryIO, at: int, size: int) -> Heard | None:
    log.seek(at)
    header = log.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, at_sample, length, checksum = _HEADER.unpack(header)
    record = Heard(at_sample, at + _HEADER.size, length)
    if magic != _MAGIC or record.end > size:
        return None
    pcm = log.read(length)
    sound = checksum == zlib.crc32(pcm, zlib.crc32(_CHECKED.pack(at_sample, length)))
    return record if sound else None
