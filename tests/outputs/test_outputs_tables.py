"""CSV, JSON and models."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from made_segments import chosen, crop, holed

from gmmseg import Model, __version__
from gmmseg.outputs import save, write


def test_csv_has_the_table(tmp_path: Path) -> None:
    """One line a segment, with the numbers of the table."""
    seg = holed()
    (path,) = save(seg, tmp_path, "csv")
    assert path.name == "coffee-segments.csv"
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == seg.k
    for line, record in zip(lines, seg.table(), strict=True):
        assert int(line["segment"]) == record["segment"]
        assert int(line["area"]) == record["area"]
        assert float(line["share"]) == record["share"]
        assert line["color"] == record["color"]
        assert [float(line[f"mean_rgb_{c}"]) for c in range(3)] == record["mean_rgb"]
        assert float(line["covariance_rgb_0_2"]) == record["covariance_rgb"][0][2]
        assert [int(line[f"box_{c}"]) for c in range(4)] == record["box"]


def test_json_tells_the_story(tmp_path: Path) -> None:
    """Segments, settings, versions, colours, and how k was chosen and the fit went."""
    seg = chosen()
    (path,) = save(seg, tmp_path, "json", command="gmmseg photo coffee.jpg", palette="mean")
    record = json.loads(path.read_text())
    assert record["segments"] == seg.table()
    assert (record["width"], record["height"], record["left_out"]) == (120, 90, 600)
    assert record["k"] == seg.k
    assert record["settings"]["features"] == "lab"
    assert record["command"] == "gmmseg photo coffee.jpg"
    assert record["palette"]["colors"] == [line["color"] for line in record["segments"]]
    assert record["versions"]["gmmseg"] == __version__
    fit = record["fit"]
    assert fit["pixels"] == 120 * 90 - 600
    assert -20 < fit["log_likelihood"] < 0
    assert min(fit["curve"], key=lambda c: c["score"])["k"] == seg.k
    assert fit["converged"] is True


def test_applied_models_have_no_story() -> None:
    """Where a model was applied, there is no fit to tell of."""
    stream = io.BytesIO()
    write(holed().model.apply(crop()), "json", stream)
    assert json.loads(stream.getvalue())["fit"] is None


@pytest.mark.parametrize("streamed", [False, True])
def test_saved_model_does_the_same(tmp_path: Path, streamed: bool) -> None:
    """A model that was saved, to a file or into a stream, gives the same labels."""
    seg = holed()
    path = tmp_path / "coffee-model.npz"
    if streamed:
        stream = io.BytesIO()
        write(seg, "model", stream)
        path.write_bytes(stream.getvalue())
    else:
        assert save(seg, tmp_path, "model") == (path,)
    np.testing.assert_array_equal(Model.load(path).apply(seg.image).labels, seg.labels)
