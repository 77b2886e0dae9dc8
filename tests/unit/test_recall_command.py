"""``vaktbord recall``: what is kept, from a shell, with a desk's engine or without."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from audio import protocol as p
from audio.home import is_claimed, recall_dir
from audio.sending.bursts import load
from console.cli import main
from tests.audio.engine_fixtures import engine
from tests.audio.recall_lab import START_MS, kept, store

pytestmark = pytest.mark.system


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With two bursts of yesterday's engine; of one stream each."""
    folder = recall_dir(tmp_path)
    folder.mkdir(parents=True)
    one = store(folder)
    now_ms = int(time.time() * 1e3)
    assert now_ms != START_MS
    kept(one, now_ms - 5_000, "a@h")
    kept(one, now_ms - 3_000, "b@h", heard=False, speaker="")
    return tmp_path


def recall(home: Path, *words: str) -> int:
    return main(["recall", "--home", str(home), "--interface", "127.0.0.1", *words])


def listed(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert recall(home, "list", "--json", *words) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["bursts"]
    return found


def test_without_an_engine_one_is_started_and_ended(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = listed(home, capsys)
    assert [(one["stream"], one["missed"]) for one in both] == [("a@h", False), ("b@h", True)]
    assert not is_claimed(home)


def test_list_export_and_what_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with engine(home):
        [one] = listed(home, capsys, "--stream", "a@h")
        burst, out = str(one["burst"]), home / "out.ogg"
        assert recall(home, "--json", "export", burst, str(out), "--person", "Kari") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["who"], told["path"], told["format"]) == ("Kari", str(out), "ogg")
        assert load(out).seconds == pytest.approx(1.0)
        assert recall(home, "list") == 0
        assert "AMB 3-1 Tønsberg" in capsys.readouterr().out
        for words, why in (
            (("export", burst, str(out)), "there already"),
            (("export", burst, str(home / "x.mp3")), "none of"),
            (("export", "nonsense", str(home / "x.wav")), "not the id"),
            (("export", f"{START_MS}-00000000", str(home / "x.wav")), "not kept"),
            (("play",), "no desk"),
        ):
            assert recall(home, *words) == 1
            assert why in capsys.readouterr().err
        assert is_claimed(home), "another's engine goes on"


def test_a_home_where_nothing_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert recall(tmp_path, "list") == 3
    assert "nothing is kept" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_numbers_have_bounds(home: Path) -> None:
    for words in (("list", "--limit", str(p.MAX_PAGE + 1)), ("play", "--count", "0")):
        with pytest.raises(SystemExit) as end:
            recall(home, *words)
        assert end.value.code == 2
