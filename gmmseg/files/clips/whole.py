"""Whether a file has all that it promises; containers that can be read without their end do not say."""

from __future__ import annotations

from pathlib import Path

_EBML, _SEGMENT = bytes.fromhex("1A45DFA3"), bytes.fromhex("18538067")


def is_cut(path: Path) -> bool:
    """Whether a Matroska file is shorter than its segment (RFC 9559) says; False for all others."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        length = path.stat().st_size
    except OSError:
        return False
    if not head.startswith(_EBML):
        return False
    size, begin = _number(head, 4)
    place = begin + (size or 0)
    if head[place : place + 4] != _SEGMENT:
        return False
    size, begin = _number(head, place + 4)
    return size is not None and begin + size > length


def _number(data: bytes, place: int) -> tuple[int | None, int]:
    """An EBML number and where what follows begins; None stands for "unknown", all bits set (RFC 8794, 4.4)."""
    first = data[place] if place < len(data) else 0
    if first == 0:
        return None, place + 1
    more = 8 - first.bit_length()
    mask = (1 << (7 * (more + 1))) - 1
    number = int.from_bytes(data[place : place + 1 + more], "big") & mask
    return None if number == mask else number, place + 1 + more
