"""What a reader was asked for, and the refusals that all formats share."""

from __future__ import annotations

from dataclasses import dataclass

from gmmseg.errors import FileError


@dataclass(frozen=True)
class Wanted:
    """One page of one file, if it is not too large."""

    name: str
    page: int = 1
    max_pixels: int | None = None
    suffix: str = ""

    def refusal(self, expected: str, got: str, do: str) -> FileError:
        """The error for a file that cannot be read."""
        return FileError(f"cannot read {self.name}: expected {expected}; got {got}; {do}")

    def damage(self, reason: object = "") -> FileError:
        """The error for a file that is broken; what other errors than the system's say would help nobody."""
        told = isinstance(reason, OSError | str) and str(reason)
        text = " ".join(str(reason).split())[:120] if told else "a damaged or truncated one"
        return self.refusal("a whole picture", text, "get the file again")

    def check_size(self, width: int, height: int, channels: int = 1) -> None:
        """Refuse pictures without pixels and pictures beyond the limit, before anything is decoded.

        Four channels are what a picture may have; more count as further pixels, since they need as much memory.
        """
        if not all(isinstance(count, int) for count in (width, height, channels)):
            raise self.damage("a header that makes no sense")
        if width < 1 or height < 1:
            raise self.refusal("a picture of at least one pixel", f"{width} × {height}", "get the file again")
        if self.max_pixels is not None and width * height * max(channels, 4) > 4 * self.max_pixels:
            channelled = f" × {channels} channels" if channels > 4 else ""
            raise self.refusal(
                f"at most {self.max_pixels:,} pixels",
                f"{width:,} × {height:,}{channelled}",
                "raise the limit with --max-pixels (max_pixels in Python) if the file is to be trusted",
            )

    def check_page(self, pages: int) -> None:
        """Refuse a page that is not there."""
        if self.page > pages:
            count = "one page" if pages == 1 else f"{pages} pages"
            raise self.refusal(f"page {self.page}", f"a file with {count}", f"ask for a page from 1 to {pages}")
