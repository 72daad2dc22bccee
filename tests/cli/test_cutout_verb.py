"""A photo and a box or marks in, its subject out."""

from __future__ import annotations

import io
import json
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg, small_photo, started
from PIL import Image

import gmmseg as package

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices as Unix has them")
BOX = "12,8,36,26"


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small photo, and marks on it and beside it; we are in its folder."""
    monkeypatch.chdir(tmp_path)
    for name, place in (("on", (slice(18, 22), slice(28, 34))), ("beside", (slice(0, 4), slice(0, 60)))):
        marks = np.zeros((40, 60), np.uint8)
        marks[place] = 255
        Image.fromarray(marks).save(f"{name}.png")
    return small_photo(tmp_path / "photo.png")


def test_a_box(photo: Path) -> None:
    """A photo becomes a cut-out, its alpha and an overlay, and a line says what was found."""
    result = gmmseg("cutout", "photo.png", "--box", BOX)
    assert result.exit_code == 0
    assert result.stderr == ""
    name, size, found, seconds, place = result.stdout.rstrip("\n").split("  ")
    assert (name, size) == ("photo.png", "60×40")
    assert found.startswith("subject ")
    assert float(seconds.removesuffix(" s")) >= 0
    assert len(list(photo.parent.glob(place))) == 3
    assert set(files_below(Path("cutouts"))) == {"photo-cutout.png", "photo-alpha.png", "photo-overlay.jpg"}


@pytest.mark.usefixtures("photo")
def test_what_the_verb_does_the_library_does() -> None:
    """The command writes what the library writes with the same hints."""
    kinds = "cutout,alpha,overlay,labels"
    words = ["--box", BOX, "--foreground", "on.png", "--background", "beside.png", "--seed", "3"]
    assert gmmseg("cutout", "photo.png", *words, "--save", kinds, "-o", "cli").exit_code == 0
    found = package.cutout("photo.png", box=(12, 8, 36, 26), foreground="on.png", background="beside.png", seed=3)
    found.save("library", kinds)
    assert files_below(Path("cli")) == files_below(Path("library"))


@pytest.mark.usefixtures("photo")
def test_marks_alone() -> None:
    """Marks on the subject do without a box, and are obeyed."""
    assert gmmseg("cutout", "photo.png", "--foreground", "on.png", "--save", "alpha").exit_code == 0
    assert (np.asarray(Image.open("cutouts/photo-alpha.png"))[18:22, 28:34] == 255).all()


@pytest.mark.usefixtures("photo")
def test_json() -> None:
    """The record has box, area and outputs; the file has the colours and the command too."""
    record = json.loads(gmmseg("cutout", "photo.png", "--box", BOX, "--save", "json", "--json").stdout)
    story = json.loads(Path("cutouts/photo-subject.json").read_text(encoding="utf-8"))
    assert record["area"] == story["area"]
    assert record["box"] == story["box"]
    assert story["given"]["box"] == [12, 8, 36, 26]
    assert story["command"].startswith("gmmseg cutout photo.png --box ")


@pytest.mark.usefixtures("photo")
def test_what_is_done_is_skipped() -> None:
    """A photo whose outputs are there is skipped, unless it is to be done again."""
    gmmseg("cutout", "photo.png", "--box", BOX)
    again = gmmseg("cutout", "photo.png", "--box", BOX)
    assert again.stdout == ""
    assert again.stderr == "gmmseg: skipped 1 of 1: their outputs are in cutouts; --overwrite does them again\n"
    assert len(gmmseg("cutout", "photo.png", "--box", BOX, "--overwrite").stdout.splitlines()) == 1


def test_stdin_to_stdout(photo: Path) -> None:
    """A photo through a pipe comes out cut."""
    words = ["--box", BOX, "--save", "cutout", "-o", "-"]
    result = gmmseg("cutout", "-", *words, stdin=photo.read_bytes())
    assert result.exit_code == 0
    with Image.open(io.BytesIO(result.stdout_bytes)) as picture:
        assert (picture.size, picture.mode) == ((60, 40), "RGBA")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "expected --box or --foreground"),
        (["--background", "beside.png"], "expected --box or --foreground"),
        (["--box", "1,2,3"], "expected x, y, width and height"),
        (["--box", "1,2,3,x"], "expected x, y, width and height"),
        (["--box", "-1,2,3,4"], "expected x, y, width and height"),
        (["--box", "1,2,0,4"], "expected a width and a height of at least 1"),
        (["--foreground", "none.png"], "does not exist"),
        (["--box", BOX, "--save", "masks"], "expected kinds among cutout, alpha, overlay"),
        (["--box", BOX, "--save", "cutout,alpha", "-o", "-"], "one kind"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("photo")
def test_wrong_options_are_refused_first(words: list[str], told: str) -> None:
    """A wrong option ends the command with 2 before anything is read or written."""
    result = gmmseg("cutout", "photo.png", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not Path("cutouts").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--box", "40,20,60,60"], "expected a box within 60×40 pixels; got 40,20,60,60"),
        (["--box", "0,0,60,40"], "expected a box with some background around it"),
        (["--foreground", "small.png"], "expected foreground marks of the picture's size, 60×40; got 9×9"),
        (["--foreground", "black.png"], "expected marks on the subject"),
        (["--foreground", "on.png", "--background", "on.png"], "expected pixels marked as foreground or background"),
        (["--foreground", "broken.png"], "cannot read broken.png: expected a picture"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("photo")
def test_hints_that_do_not_fit(words: list[str], told: str) -> None:
    """Hints that make no sense for the photo are a line, and nothing is written."""
    Image.fromarray(np.full((9, 9), 255, np.uint8)).save("small.png")
    Image.fromarray(np.zeros((40, 60), np.uint8)).save("black.png")
    Path("broken.png").write_bytes(b"no picture")
    result = gmmseg("cutout", "photo.png", *words)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("cutouts").exists()


def test_one_photo_alone(photo: Path) -> None:
    """A box is no box for a folder of photos; a photo that cannot be read is a line."""
    small_photo(photo.parent / "many" / "a.png")
    small_photo(photo.parent / "many" / "b.png")
    result = gmmseg("cutout", "many", "--box", BOX)
    assert result.exit_code == 2
    assert "expected one photo" in result.stderr
    Path("broken.png").write_bytes(photo.read_bytes()[:100])
    result = gmmseg("cutout", "broken.png", "--box", BOX)
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: cannot read broken.png: ")
    assert result.stderr.count("\n") == 1


def test_help_says_what_the_library_does() -> None:
    """The help has all kinds, and which are the usual ones."""
    from gmmseg.subjects import KINDS, USUAL

    text = " ".join(gmmseg("cutout", "--help").stdout.split())
    assert all(f" {kind} " in text for kind in KINDS)
    assert f"[default: {','.join(USUAL)}]" in text


@UNIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.usefixtures("photo")
def test_a_full_disk() -> None:
    """What standard output cannot take ends the command in one line."""
    for words in (["-o", "out"], ["--save", "cutout", "-o", "-"]):
        with Path("/dev/full").open("wb") as full:
            process = started("cutout", "photo.png", "--box", BOX, *words, stdout=full)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert errors.count("\n") == 1
        assert "No space left" in errors


@UNIX
@pytest.mark.usefixtures("photo")
def test_interrupted() -> None:
    """A signal ends the work at once, in one line, and nothing half-written stays."""
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (1500, 2000, 3), dtype=np.uint8)).save("large.png")
    process = started("cutout", "large.png", "--box", "100,100,1500,1200")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "gmmseg: interrupted\n"
    assert not [name for name in files_below(Path()) if Path(name).name.startswith(".")]
