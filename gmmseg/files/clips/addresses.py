"""Where FFmpeg finds a clip: a file, standard input, a camera or the network."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from gmmseg.errors import InputError
from gmmseg.files.clips.damage import reason, unreadable
from gmmseg.files.sources import STDIN, shown

_CAMERA = "camera:"
_NETWORK = re.compile(r"(rtsps?|rtmps?|https?|srt|udp|rtp|tcp)://", re.IGNORECASE)
_PATIENCE = (30.0, 30.0)  # seconds for a stream to open, and for its next packet to come


@dataclass(frozen=True)
class Address:
    """What FFmpeg is to open.

    Attributes
    ----------
    target : str or binary file
    name : str
        What messages call it.
    format : str or None
        A device's kind; None lets FFmpeg look at the bytes.
    options : mapping
        FFmpeg's own.
    live : bool
        It cannot be read twice.
    lossy : bool
        Packets may go missing on the way, which is no reason to end.
    patience : (float, float) or None
        Seconds to wait for it to open, and for each packet.
    """

    target: Any
    name: str
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    live: bool = False
    lossy: bool = False
    patience: tuple[float, float] | None = None


def is_address(source: str) -> bool:
    """Whether this is the name of a camera or a stream rather than of a file."""
    return source.startswith(_CAMERA) or _NETWORK.match(source) is not None


def address_of(source: str, rate: Fraction | None, size: tuple[int, int] | None) -> Address:
    """The address that a caller means; size and rate are wishes to a camera."""
    if source == STDIN:
        return Address(Arriving(standard_input()), "standard input", live=True)
    if source.startswith(_CAMERA):
        return _camera(source.removeprefix(_CAMERA), rate, size)
    if _NETWORK.match(source):
        options = {"rtsp_transport": "tcp"} if source.lower().startswith("rtsp") else {}
        # Over HTTP a clip lies still like a file, unless it is a broadcast; either way it is not to be fetched twice.
        return Address(source, _without_password(source), options=options, live=True, lossy=True, patience=_PATIENCE)
    return _file(source)


def _file(source: str) -> Address:
    name = shown(source)
    path = Path(source)
    try:
        with path.open("rb") as file:
            regular = path.is_file()
            empty = regular and not file.read(1)
    except (FileNotFoundError, NotADirectoryError):
        raise unreadable(name, "nothing by this name", "check it") from None
    except PermissionError:
        raise unreadable(name, "no permission to read it", "change its permissions") from None
    except (OSError, ValueError) as error:
        raise unreadable(name, reason(error), "check the name") from None
    if empty:
        raise unreadable(name, "an empty file", "get the file again")
    # With "file:" before it, a name that looks like a protocol of FFmpeg's ("concat:a") is just a name.
    return Address(f"file:{path.absolute()}", name, live=not regular)


def _camera(which: str, rate: Fraction | None, size: tuple[int, int] | None) -> Address:
    options = {} if rate is None else {"framerate": str(rate)}
    if size is not None:
        options["video_size"] = f"{size[0]}x{size[1]}"
    name = f"camera {shown(which)}"
    if sys.platform == "darwin":
        return Address(f"{which}:none", name, "avfoundation", options, live=True, lossy=True, patience=_PATIENCE)
    if sys.platform == "win32":
        if which.isdecimal():
            raise InputError(f"expected a camera by its name, as in camera:Integrated Camera; got number {which}")
        return Address(f"video={which}", name, "dshow", options, live=True, lossy=True, patience=_PATIENCE)
    path = f"/dev/video{which}" if which.isdecimal() else which
    if not Path(path).exists():
        there = sorted(str(found) for found in Path("/dev").glob("video*"))
        raise unreadable(
            name,
            f"no {shown(path)}",
            f"connect one, or name one of {', '.join(there)}" if there else "connect one; there is none now",
            "a camera",
        )
    return Address(path, name, "v4l2", options, live=True, lossy=True, patience=_PATIENCE)


def _without_password(source: str) -> str:
    return shown(re.sub(r"//[^/@]*@", "//", source))


def standard_input() -> Any:
    """Standard input's bytes."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or sys.stdin.isatty():
        raise InputError("expected a clip on standard input; got a terminal; pipe a clip in, or name a file")
    return stream


class Arriving:
    """A pipe for FFmpeg: it gives what has come so far, rather than wait for all that was asked for."""

    def __init__(self, stream: Any) -> None:
        self.read = getattr(stream, "read1", stream.read)
