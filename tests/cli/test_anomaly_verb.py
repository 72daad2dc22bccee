"""What does not belong in pictures, on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from command import files_below, gmmseg
from defects import normal, planted
from PIL import Image

from gmmseg import AnomalyModel
from gmmseg.files import read

SMALL = (64, 80)
FAST = ("-k", "3")


@pytest.fixture
def cloth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with normal cloth and a piece with a hole, in which we are."""
    monkeypatch.chdir(tmp_path)
    Path("good").mkdir()
    Path("new").mkdir()
    for seed in range(3):
        Image.fromarray(normal("weave", seed, SMALL)).save(f"good/{seed}.png")
    Image.fromarray(planted("weave", "hole", 9, SMALL)[0]).save("new/torn.png")
    Image.fromarray(normal("weave", 20, SMALL)).save("new/whole.png")
    return tmp_path


def test_pictures_are_held_against_normal_ones(cloth: Path) -> None:
    """Heat, mask, overlay and table are written, and each picture is told of in a line."""
    said = gmmseg("anomaly", "new", "--normal", "good", *FAST, "--min-area", "20")
    assert said.exit_code == 0
    torn, whole = said.stdout.splitlines()
    assert torn.startswith("new/torn.png  80×64  1 odd piece (up to ")
    assert whole.startswith("new/whole.png  80×64  nothing odd (up to ")
    names = {
        f"{stem}-{kind}" for stem in ("torn", "whole") for kind in ("heat.png", "mask.png", "overlay.jpg", "boxes.csv")
    }
    assert set(files_below(cloth / "anomalies")) == names
    (row,) = csv.DictReader(io.StringIO(Path("anomalies/torn-boxes.csv").read_text()))
    mask = read("anomalies/torn-mask.png").pixels
    assert int(row["area"]) == np.count_nonzero(mask)
    assert float(row["rarity"]) < 1e-4
    assert Path("anomalies/whole-boxes.csv").read_text() == "number,x,y,width,height,area,peak,mean,rarity\n"
    assert read("anomalies/torn-overlay.jpg").pixels.shape == (64, 80, 3)


def test_a_saved_model_does_the_same(cloth: Path) -> None:
    """--save-model and --model give the same outputs as the pictures themselves; the rate may be another."""
    assert (
        gmmseg("anomaly", "new", "--normal", "good/*.png", *FAST, "--save-model", "m/cloth.npz", "-o", "a").exit_code
        == 0
    )
    assert gmmseg("anomaly", "new", "--model", "m/cloth.npz", "-o", "b").exit_code == 0
    assert files_below(cloth / "a") == files_below(cloth / "b")
    assert AnomalyModel.load("m/cloth.npz").pictures == 3
    many = gmmseg("anomaly", "new/torn.png", "--model", "m/cloth.npz", "--false-alarms", "0.1", "--json", "-o", "c")
    few = gmmseg("anomaly", "new/torn.png", "--model", "m/cloth.npz", "--json", "-o", "d")
    assert json.loads(many.stdout)["threshold"] < json.loads(few.stdout)["threshold"]


@pytest.mark.usefixtures("cloth")
def test_every_kind_is_written() -> None:
    """Scores, arrays, JSON and the model have what the library has."""
    kinds = "heat,mask,overlay,csv,json,score,npz,model"
    result = gmmseg("anomaly", "new/torn.png", "--normal", "good", *FAST, "--save", kinds, "-o", "out", "--json")
    record = json.loads(result.stdout)
    assert len(record["outputs"]) == 8
    found = AnomalyModel.load("out/torn-model.npz").apply("new/torn.png")
    story = json.loads(Path("out/torn-boxes.json").read_text())
    assert story["boxes"] == record["boxes"] == found.records()
    assert story["normal_pictures"] == 3
    assert story["command"].startswith("gmmseg anomaly new/torn.png")
    with np.load("out/torn-score.npz") as arrays:
        assert np.array_equal(arrays["score"], found.score)
        assert np.array_equal(arrays["mask"], found.mask)
    assert np.array_equal(read("out/torn-score.tif").pixels[..., 0], found.score)


@pytest.mark.usefixtures("cloth")
def test_without_normal_pictures_the_bulk_is_normal() -> None:
    """Each picture is held against most of itself."""
    result = gmmseg("anomaly", "new/torn.png", *FAST, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["boxes"][0]["area"] > 20


@pytest.mark.usefixtures("cloth")
def test_one_output_goes_to_standard_output() -> None:
    """A mask is piped as a PNG."""
    result = gmmseg("anomaly", "new/torn.png", *FAST, "--save", "mask", "-o", "-")
    assert read(result.stdout_bytes).pixels.shape == (64, 80, 1)


@pytest.mark.usefixtures("cloth")
def test_a_bad_picture_does_not_stop_the_others() -> None:
    """What cannot be read is told in a line, and the code is 1."""
    Path("new/broken.png").write_bytes(b"no picture")
    result = gmmseg("anomaly", "new", "--normal", "good", *FAST)
    assert result.exit_code == 1
    assert result.stderr.startswith("gmmseg: cannot read new/broken.png")
    assert len(result.stdout.splitlines()) == 2


def test_a_bad_normal_picture_stops_everything(cloth: Path) -> None:
    """What is normal is told by all pictures or by none."""
    result = gmmseg("anomaly", "new", "--normal", "good", "--normal", "missing.png", "--save-model", "m.npz", *FAST)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith("gmmseg: cannot read missing.png")
    assert "nothing was looked at" in result.stderr
    assert not (cloth / "anomalies").exists()
    assert not (cloth / "m.npz").exists()


@pytest.mark.usefixtures("cloth")
def test_what_is_there_is_skipped() -> None:
    """A second run does nothing, unless it is told to."""
    arguments = ("anomaly", "new/torn.png", *FAST)
    gmmseg(*arguments)
    assert "skipped 1 of 1" in gmmseg(*arguments).stderr
    assert "odd" in gmmseg(*arguments, "--overwrite").stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--normal", "good", "--model", "m.npz"), "got both"),
        (("--save-model", "m.npz"), "no normal pictures"),
        (("--model", "m.npz", "-k", "4"), "expected --model or -k"),
        (("--model", "m.npz", "--smooth", "4"), "expected --model or --smooth"),
        (("--false-alarms", "0"), "false-alarms"),
        (("--false-alarms", "nan"), "expected a number"),
        (("--save", "labels"), "expected kinds among heat"),
        (("--features", "patches"), "expected features"),
    ],
)
def test_wrong_use_is_told(cloth: Path, arguments: tuple[str, ...], word: str) -> None:
    """Options that go wrong together, or make no sense, end with code 2 before any work."""
    result = gmmseg("anomaly", "new/torn.png", *arguments)
    assert result.exit_code == 2
    assert word in result.stderr
    assert not (cloth / "anomalies").exists()


@pytest.mark.usefixtures("cloth")
def test_a_model_of_another_kind_is_refused() -> None:
    """A file that is no anomaly model is told in one line."""
    for name in ("new/torn.png", "missing.npz"):
        result = gmmseg("anomaly", "new/torn.png", "--model", name)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"gmmseg: cannot read {name}")
        assert result.stderr.count("\n") == 1


def test_samples_too_large_are_told_of(tmp_path: Path) -> None:
    """Floats whose squares no float holds end in one line, without a warning."""
    import tifffile

    values = np.random.default_rng(0).random((48, 64)).astype(np.float32)
    tifffile.imwrite(tmp_path / "huge.tif", values * np.float32(1e30))
    result = gmmseg("anomaly", tmp_path / "huge.tif", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "divide them" in result.stderr


def test_normal_takes_all_names_up_to_the_next_option(cloth: Path) -> None:
    """Names behind --normal, as a shell makes of a pattern, are all references, and each may have its own --normal."""
    names = [f"good/{n}.png" for n in range(3)]
    each = [word for name in names for word in ("--normal", name)]
    assert gmmseg("anomaly", "new/torn.png", *each, *FAST, "-o", "a").exit_code == 0
    assert gmmseg("anomaly", "new/torn.png", "--normal", *names, *FAST, "-o", "b").exit_code == 0
    assert gmmseg("anomaly", "--normal", *names, "-o", "c", *FAST, "--", "new/torn.png").exit_code == 0
    assert files_below(cloth / "a") == files_below(cloth / "b") == files_below(cloth / "c")


@pytest.mark.parametrize("words", [["new", "--normal"], ["new", "--normal", "-k", "3"], ["--normal", "good", "new"]])
@pytest.mark.usefixtures("cloth")
def test_normal_without_names(words: list[str]) -> None:
    """A --normal without a name, or one that takes the pictures too, is refused."""
    result = gmmseg("anomaly", *words)
    assert result.exit_code == 2
    assert "--normal" in result.stderr or "INPUT" in result.stderr
