"""Model files given to verbs that others are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import files_below, gmmseg, small_photo
from made_models import made_model

from gmmseg import BackgroundModel, FileError

OWN = {
    "mixture": "sample",
    "model": "apply",
    "collection": "collection --model",
    "table": "table --model",
    "anomaly": "anomaly --model",
    "background": "background --model",
    "tree": "regions",
}
# What each verb takes, and how it is called with a model.
VERBS = {
    "apply": ({"model", "collection"}, ("MODEL", "a.png")),
    "collection": ({"collection"}, ("a.png", "--model", "MODEL")),
    "anomaly": ({"anomaly"}, ("a.png", "--model", "MODEL")),
    "table": ({"table"}, ("a.csv", "--model", "MODEL")),
    "regions": ({"tree"}, ("MODEL",)),
    "sample": ({"mixture", "model", "collection", "table", "anomaly"}, ("MODEL", "-n", "3")),
}


@pytest.fixture(autouse=True)
def _inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small_photo(Path("a.png"))
    Path("a.csv").write_text("mark,score,weight\n20,30,40\n60,70,80\n")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", OWN)
def test_models_go_where_they_belong(verb: str, name: str) -> None:
    """A verb works by models of its kind; of others it names the verb they are for, in a line, and writes nothing."""
    made_model(name, Path("m.npz"))
    takes, words = VERBS[verb]
    before = files_below(Path())
    said = gmmseg(verb, *("m.npz" if word == "MODEL" else word for word in words))
    if name in takes:
        assert said.exit_code == 0
        return
    assert said.exit_code == 1
    assert said.stderr.startswith("gmmseg: cannot read m.npz: expected a gmmseg ")
    assert said.stderr.endswith(f"; use gmmseg {OWN[name]} for it\n")
    assert said.stderr.count("\n") == 1
    assert files_below(Path()) == before


def test_clips_need_the_model_of_a_background() -> None:
    """The model of a clip's background is refused in a line where it is another."""
    made_model("table", Path("m.npz"))
    with pytest.raises(FileError, match="got a gmmseg table model; use gmmseg table --model for it"):
        BackgroundModel.load("m.npz")


def test_patches_are_drawn_with_names_and_as_pictures() -> None:
    """Rows of a model of patches have the places of samples for names, and are drawn as patches."""
    made_model("patches", Path("m.npz"))
    said = gmmseg("sample", "m.npz", "-n", "2")
    assert said.stdout.splitlines()[0] == 'component,"0,0","0,1","1,0","1,1"'
    assert gmmseg("sample", "m.npz", "-o", "s.png").exit_code == 0
    assert Path("s.png").stat().st_size > 100
