"""Clips: frames from files, folders, cameras and pipes, and into files and folders."""

from __future__ import annotations

from gmmseg.files.clips.clip import Clip
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.reading import read_clip

__all__ = ["Clip", "Frame", "read_clip"]
