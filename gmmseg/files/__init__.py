"""Reading and writing: pictures, masks and tables. The only room that knows formats."""

from __future__ import annotations

from gmmseg.files.archives import write_npz
from gmmseg.files.colour import in_srgb
from gmmseg.files.image import GeoTag, Image, image_of
from gmmseg.files.inspecting import Inspection, inspected
from gmmseg.files.listing import Source, listed, output_stems
from gmmseg.files.pictures import write_picture
from gmmseg.files.reading import MAX_PIXELS, read
from gmmseg.files.tables import write_csv, write_json, write_text
from gmmseg.files.targets import folder
from gmmseg.files.tiff_writing import write_pages

__all__ = [
    "MAX_PIXELS",
    "GeoTag",
    "Image",
    "Inspection",
    "Source",
    "folder",
    "image_of",
    "in_srgb",
    "inspected",
    "listed",
    "output_stems",
    "read",
    "write_csv",
    "write_json",
    "write_npz",
    "write_pages",
    "write_picture",
    "write_text",
]
