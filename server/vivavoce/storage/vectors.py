"""Comparing vectors inside the database: by sqlite-vec where there is one, else by ourselves."""

import importlib
import math
import sqlite3
import struct
from collections.abc import Sequence

import aiosqlite


def packed(vector: Sequence[float]) -> bytes:
    """Little-endian float32, as sqlite-vec reads it."""
    return struct.pack(f"<{len(vector)}f", *vector)


async def teach_vectors(connection: aiosqlite.Connection) -> None:
    """Give the connection `vec_distance_cosine(a, b)`: 0 for one direction, 2 for opposite ones."""
    try:
        path = importlib.import_module("sqlite_vec").loadable_path()
        await connection.enable_load_extension(True)
        try:
            await connection.load_extension(path)
        finally:
            await connection.enable_load_extension(False)
    except (ImportError, AttributeError, sqlite3.OperationalError):
        # The package is missing, or this Python was built without loadable extensions.
        await connection.create_function(
            "vec_distance_cosine", 2, cosine_distance, deterministic=True
        )


def cosine_distance(one: bytes, other: bytes) -> float | None:
    """None when a vector is null, which has no direction."""
    first, second = _unpacked(one), _unpacked(other)
    lengths = math.hypot(*first) * math.hypot(*second)
    if lengths == 0:
        return None
    return 1 - sum(a * b for a, b in zip(first, second, strict=True)) / lengths


def _unpacked(vector: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // 4}f", vector)
