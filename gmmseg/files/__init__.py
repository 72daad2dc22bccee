"""Reading and writing: pictures, clips, masks and tables. The only room that knows formats."""

from __future__ import annotations

from gmmseg.files.archives import write_npz
from gmmseg.files.clips import Clip, ClipInspection, ClipWriter, Frame, clip_writer, inspected_clip, read_clip
from gmmseg.files.colour import in_srgb
from gmmseg.files.image import GeoTag, Image, image_of
from gmmseg.files.inspecting import Inspection, inspected
from gmmseg.files.listing import Source, listed, output_stems
from gmmseg.files.pictures import write_picture
from gmmseg.files.reading import MAX_PIXELS, read
from gmmseg.files.small import Small, read_small
from gmmseg.files.tables import write_csv, write_json, write_text
from gmmseg.files.targets import folder
from gmmseg.files.tiff_writing import write_pages

__all__ = [
    "MAX_PIXELS",
    "Clip",
    "ClipInspection",
    "ClipWriter",
    "Frame",
    "GeoTag",
    "Image",
    "Inspection",
    "Small",
    "Source",
    "clip_writer",
    "folder",
    "image_of",
    "in_srgb",
    "inspected",
    "inspected_clip",
    "listed",
    "output_stems",
    "read",
    "read_clip",
    "read_small",
    "write_csv",
    "write_json",
    "write_npz",
    "write_pages",
    "write_picture",
    "write_text",
]
