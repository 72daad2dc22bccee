"""A window that shows frames while they are made."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

_KEYS = {27, ord("q")}


class Window:
    """A window of OpenCV's: frames are handed in by any thread, and shown by the main one."""

    def __init__(self, name: str, library: Any) -> None:
        self._name = name
        self._library = library
        self._latest: Any = None
        self._seen = False
        self.closed = False

    @classmethod
    def opened(cls, name: str) -> Window:
        """The window, or wrong usage where there can be none."""
        advice = "leave out --show"
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise click.UsageError(f"expected a display for --show; got none; {advice}")
        try:
            import cv2
        except ImportError:
            raise click.UsageError(
                f"expected OpenCV for --show; got none; install opencv-python, or {advice}"
            ) from None
        try:
            cv2.namedWindow(name, cv2.WINDOW_NORMAL)
        except cv2.error:
            raise click.UsageError(
                f"expected an OpenCV that opens windows for --show; got one without; install opencv-python in place of "
                f"opencv-python-headless, or {advice}"
            ) from None
        return cls(name, cv2)

    def take(self, picture: Any) -> None:
        """The next picture to show : (h, w, 3) uint8; what is not shown by then is passed over."""
        self._latest = picture

    def look(self) -> None:
        """Show the latest picture, and notice whether somebody wants no more."""
        picture, self._latest = self._latest, None
        if picture is not None:
            self._library.imshow(self._name, picture[..., ::-1])
            self._seen = True
        if self._library.waitKey(1) & 255 in _KEYS:
            self.closed = True
        visible = self._library.getWindowProperty(self._name, self._library.WND_PROP_VISIBLE)
        if self._seen and visible < 1:
            self.closed = True
