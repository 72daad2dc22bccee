"""Listing: which files are meant, in which order, and what their outputs are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmseg import FileError
from gmmseg.files import Source, listed, output_stems, read


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of pictures, in which we are."""
    names = "img2.jpg img10.jpg IMG1.JPG notes.txt .hidden.jpg sub/b.png sub/deep/c.tif .git/d.png [x].png"
    for name in names.split():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


def relatives(*inputs: str | Path, recursive: bool = False) -> list[str]:
    return [source.relative.as_posix() for source in listed(inputs, recursive=recursive)]


def test_folders(photos: Path) -> None:
    """A folder stands for the pictures in it, in natural order; what is below it comes when asked for."""
    flat = ["[x].png", "IMG1.JPG", "img2.jpg", "img10.jpg"]
    assert sorted(relatives(photos)) == sorted(flat)
    assert [name for name in relatives(photos) if name != "[x].png"] == flat[1:]
    assert set(relatives(photos, recursive=True)) == {*flat, "sub/b.png", "sub/deep/c.tif"}
    assert listed(str(photos)) == listed([photos])


def test_globs(photos: Path) -> None:
    """Patterns are expanded, with ** too; only pictures unless they name a suffix."""
    assert photos.is_dir()
    assert relatives("photos/*.jpg") == ["img2.jpg", "img10.jpg"]
    assert relatives("photos/**/*.png") == ["[x].png", "sub/b.png"]
    assert "notes.txt" not in relatives("photos/*")
    assert relatives("photos/*.txt") == ["notes.txt"]
    assert relatives("photos/s*/*") == ["sub/b.png"]
    assert relatives(f"{photos}/img?.jpg") == ["img2.jpg"]


def test_brackets_in_a_name_are_a_name(photos: Path) -> None:
    """A file whose name looks like a pattern is taken by its name."""
    assert relatives(photos / "[x].png") == ["[x].png"]
    assert relatives("photos/[i]mg2.jpg") == ["img2.jpg"]


def test_each_file_once(photos: Path) -> None:
    """The same file named in several ways comes once, where it was first named."""
    (photos / "link.png").symlink_to(photos / "sub" / "b.png")
    found = listed([photos / "img10.jpg", "photos/img10.jpg", "photos", "./photos/../photos/*.jpg", photos / "sub"])
    assert [source.relative.name for source in found].count("img10.jpg") == 1
    assert found[0].relative == Path("img10.jpg")
    assert sum(source.path.resolve() == (photos / "sub" / "b.png").resolve() for source in found) == 1


def test_problems_are_entries(photos: Path) -> None:
    """Missing files, empty folders and fruitless patterns stop nothing: reading them says what is wrong."""
    found = listed(["missing.jpg", "empty", "photos/*.webp", photos / "img2.jpg"])
    assert len(found) == 4
    for source, words in zip(
        found, ["nothing by this name", "expected pictures in this folder", "match"], strict=False
    ):
        with pytest.raises(FileError, match=words) as caught:
            read(source)
        assert "\n" not in str(caught.value)
    assert not found[3].problem


def test_standard_input(photos: Path) -> None:
    """A dash is standard input, once; a file of that name is reached as ./-."""
    assert listed(["-", "-"]) == (Source(Path("-"), Path("stdin")),)
    (photos.parent / "-").write_bytes(b"no picture")
    (dash,) = listed(["./-"])
    with pytest.raises(FileError, match="another kind"):
        read(dash)


def stems(*relative: str) -> list[str]:
    return [stem.as_posix() for stem in output_stems([Source(Path("/data", name), Path(name)) for name in relative])]


def test_stems() -> None:
    """Outputs are called like their sources, and differ where those differ by suffix alone."""
    assert stems("photo.jpg", "sub/photo.jpg") == ["photo", "sub/photo"]
    assert stems("a.jpg", "a.png", "b.jpg") == ["a-jpg", "a-png", "b"]
    assert stems("A.jpg", "a.png") == ["A-jpg", "a-png"]
    assert stems("a.jpg", "a.png", "a-jpg.tif") == ["data-a", "a-png", "a-jpg-tif"]


def test_stems_of_one_name_from_several_folders() -> None:
    """Files of one name take their folder's name; what is still alike is counted."""
    named = [Source(Path(folder, "a.jpg"), Path("a.jpg")) for folder in ("/x", "/y")]
    assert output_stems(named) == [Path("x-a"), Path("y-a")]
    alike = [Source(Path(folder, "a.jpg"), Path("a.jpg")) for folder in ("/1/x", "/2/x")]
    assert output_stems(alike) == [Path("x-a-jpg"), Path("x-a-jpg-2")]


NAMES = st.text("aAbB1-./é", min_size=1, max_size=6).filter(
    lambda name: name.strip("./") and not name.startswith("/") and ".." not in name
)


@given(st.lists(st.tuples(st.sampled_from(["/x", "/y", "/z/x"]), NAMES), max_size=12))
def test_stems_never_clash(given_names: list[tuple[str, str]]) -> None:
    """Whatever the sources are called, no two outputs clash, not even where capital letters do not count."""
    sources = [Source(Path(folder, name), Path(name)) for folder, name in given_names]
    found = output_stems(sources)
    assert len({str(stem).casefold() for stem in found}) == len(sources)
    assert not any(stem.is_absolute() or ".." in stem.parts for stem in found)
    assert found == output_stems(sources)
