"""What only a process of its own shows: signals, pipes, terminals, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import files_below, small_photo, started
from PIL import Image

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and terminals as Unix has them")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with forty small photos."""
    for number in range(40):
        small_photo(tmp_path / "photos" / f"{number}.png", 5 * number, (300, 250))
    return tmp_path / "photos"


def hidden(folder: Path) -> list[str]:
    return [path for path in files_below(folder) if any(part.startswith(".") for part in Path(path).parts)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_interrupted(photos: Path, number: signal.Signals, code: int, jobs: str) -> None:
    """A signal ends a batch at once, in one line, and every output that is there is whole."""
    out = photos.parent / "out"
    process = started("segment", photos, "-k", "3", "-o", out, "--jobs", jobs, "--save", "labels,masks")
    assert process.stdout is not None
    process.stdout.readline()
    begin = time.perf_counter()
    process.send_signal(number)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert errors == "gmmseg: interrupted\n"
    assert time.perf_counter() - begin < 10
    assert len(said.splitlines()) < 39
    assert hidden(out) == []
    for path in out.rglob("*.png"):
        with Image.open(path) as picture:
            picture.load()
    stems = {path.name.removesuffix("-labels.png") for path in out.glob("*-labels.png")}
    assert stems == {path.name.removesuffix("-masks") for path in out.glob("*-masks")}


def test_interrupted_before_work(tmp_path: Path) -> None:
    """Waiting for standard input can be interrupted as well."""
    with started("segment", "-", "-o", tmp_path / "out", stdin=subprocess.PIPE) as process:
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None
        assert process.stderr.read() == "gmmseg: interrupted\n"


def test_closed_pipe(photos: Path) -> None:
    """When the reader of the lines goes away, the command ends without a word."""
    process = started("segment", photos, "-k", "2", "-o", photos.parent / "out", "--save", "csv")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    assert process.returncode == 141
    assert hidden(photos.parent / "out") == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_full_standard_output(photos: Path) -> None:
    """Lines or pictures that standard output cannot take end the command in one line."""
    one = ["segment", photos / "0.png", "-k", "2"]
    for words in (one, [*one, "--save", "labels", "-o", "-"], ["info", photos / "0.png"], ["--help"]):
        with Path("/dev/full").open("wb") as full:
            process = started(*words, stdout=full, cwd=photos.parent)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert errors.count("\n") == 1
        assert "No space left" in errors


def test_terminals(photos: Path) -> None:
    """Pictures are not written to a terminal; a bar is drawn on one alone, and is gone at the end."""
    import pty

    def run(*words: str | Path, out: bool) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        stream = {"stdout": theirs} if out else {"stderr": theirs}
        process = started("segment", *words, cwd=photos.parent, **stream)
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux's word for the end
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        rest = "".join(text for text in process.communicate(timeout=60) if text)
        return process.returncode, rest if out else shown.decode()

    code, errors = run(photos / "0.png", "--save", "labels", "-o", "-", out=True)
    assert code == 2
    assert "got a terminal" in errors
    few = [photos / f"{number}.png" for number in range(3)]
    code, shown = run(*few, "-k", "2", "-o", "out", out=False)
    assert code == 0
    assert "3/3" in shown
    assert shown.rstrip("\r").endswith(" ")
    assert run(*few, "-k", "2", "-o", "quiet", "-q", out=False) == (0, "")


def test_odd_names_and_plain_encodings(tmp_path: Path) -> None:
    """Names that an encoding cannot hold are spelt out rather than fail."""
    photo = small_photo(tmp_path / "größe日.png")
    environment = {"PYTHONIOENCODING": "latin-1"}
    process = subprocess.run(
        [sys.executable, "-m", "gmmseg", "segment", photo, "-k", "2"],
        env={**os.environ, **environment, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert "größe\\u65e5.png  60×40".encode("latin-1") in process.stdout
    assert (tmp_path / "segments" / "größe日-labels.png").is_file()
