"""Clips: frames from files, folders, cameras and pipes, and into files and folders."""

from __future__ import annotations

from gmmseg.files.clips.clip import Clip
from gmmseg.files.clips.frame import Frame
from gmmseg.files.clips.inspecting import ClipInspection, inspected_clip
from gmmseg.files.clips.reading import read_clip
from gmmseg.files.clips.writing import ClipWriter, clip_writer

__all__ = ["Clip", "ClipInspection", "ClipWriter", "Frame", "clip_writer", "inspected_clip", "read_clip"]
