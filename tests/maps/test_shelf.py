"""Which maps there are: found by a thread, each with what is wrong with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from console.maps import looking, servers
from console.maps.cache import TileCache, file_of
from console.maps.facts import Facts
from console.maps.files import facts_of
from console.maps.looking import MAX_FILES, Looking
from console.maps.shelf import Found, Shelf
from tests.damage import with_no_text
from tests.maps import makers
from tests.maps.served import wait_until

TILE = {(0, 0, 0): b"\x89PNG\r\n\x1a\nmade up"}
SERVER = '[[server]]\nname = "Sted"\naddress = "https://tiles.invalid/{z}/{x}/{y}.png"\n'


def test_files_and_servers_are_found_with_their_faults(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "maps", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    makers.write_mbtiles(folder / "b.mbtiles", TILE, name="Østlandet")
    makers.write_pmtiles(folder / "a.PMTILES", TILE)
    (folder / "torn.mbtiles").write_bytes(b"SQLite format 3\0")
    (folder / "notes.txt").write_text("no map")
    picked = makers.write_mbtiles(elsewhere / "picked.mbtiles", TILE)
    (folder / servers.FILE).write_text(f'{SERVER}\n[[server]]\nname = "Feil"\nzoom = 3\n')
    found = Looking(folder).found([str(picked), str(elsewhere / "gone.mbtiles")])
    told = {one.name: "" if one.fault is None else one.fault.code for one in found}
    assert told.pop("torn.mbtiles") in ("damaged", "not-a-map")
    assert told == {
        "a": "", "Østlandet": "", "picked": "", "gone.mbtiles": "missing", "Sted": "",
        "Feil": "entry",
    }  # fmt: skip
    assert next(one for one in found if one.name == "Sted").where == "tiles.invalid"


def test_a_file_that_is_not_understood_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "maps"
    folder.mkdir()
    makers.write_mbtiles(folder / "whole.mbtiles", TILE)
    strange = makers.write_mbtiles(folder / "strange.mbtiles", TILE)
    strange.write_bytes(with_no_text(strange.read_bytes(), "tiles"))
    found = {one.name: one.fault for one in Looking(folder).found(())}
    fault = found["strange.mbtiles"]
    assert found["whole"] is None and fault is not None and fault.code == "damaged"

    def broken(path: Path) -> Facts:
        if path == strange:
            raise ZeroDivisionError
        return facts_of(path)

    monkeypatch.setattr(looking, "facts_of", broken)
    found = {one.name: one.fault for one in Looking(folder).found(())}
    fault = found["strange.mbtiles"]
    assert found["whole"] is None and fault is not None and fault.code == "damaged"


def test_an_example_is_written_once_and_sets_nothing_up(tmp_path: Path) -> None:
    folder = tmp_path / "maps"
    looking = Looking(folder)
    assert looking.found(()) == ()
    assert "cache.kartverket.no" in (folder / servers.FILE).read_text("utf-8")
    (folder / servers.FILE).write_text(SERVER)
    assert [one.name for one in looking.found(())] == ["Sted"]


def test_the_example_is_right_once_its_signs_are_taken_away(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in servers.EXAMPLE.splitlines()[4:]]
    (tmp_path / servers.FILE).write_text("\n".join(lines), "utf-8")
    (entry,) = servers.read(tmp_path)
    assert entry.server is not None and entry.server.host == "cache.kartverket.no"
    assert entry.server.attribution.startswith("© Kartverket")


def test_a_file_that_has_changed_is_read_anew_and_another_is_not(tmp_path: Path) -> None:
    path = makers.write_mbtiles(tmp_path / "a.mbtiles", TILE, name="before")
    looking = Looking(tmp_path)
    assert looking.found(())[0].name == "before"
    path.unlink()
    makers.write_mbtiles(path, {**TILE, (1, 0, 0): TILE[0, 0, 0] * 900}, name="after")
    assert looking.found(())[0].name == "after"


def test_what_is_kept_goes_with_its_server_but_not_by_a_slip(tmp_path: Path) -> None:
    (tmp_path / servers.FILE).write_text(SERVER)
    source = "https://tiles.invalid/{z}/{x}/{y}.png"
    for address in (source, "another"):
        TileCache(file_of(tmp_path, address), 1_000_000, 1e6).close()
    looking = Looking(tmp_path)
    (tmp_path / servers.FILE).write_text(SERVER + "a slip")
    looking.found(())
    assert file_of(tmp_path, "another").exists()
    (tmp_path / servers.FILE).write_text(SERVER)
    looking.found(())
    assert file_of(tmp_path, source).exists() and not file_of(tmp_path, "another").exists()


def test_a_folder_full_of_maps_is_bounded(tmp_path: Path) -> None:
    for n in range(MAX_FILES + 9):
        (tmp_path / f"{n:03}.mbtiles").write_bytes(b"")
    found = Looking(tmp_path).found(())
    assert len(found) == MAX_FILES


def test_the_thread_answers_the_newest_question(tmp_path: Path) -> None:
    told: list[tuple[str, tuple[Found, ...]]] = []
    shelf = Shelf(tmp_path, lambda found: told.append((threading.current_thread().name, found)))
    picked = makers.write_mbtiles(tmp_path / "elsewhere", TILE)
    for _ in range(20):
        shelf.look(())
    shelf.look([str(picked)])
    wait_until(lambda: told and told[-1][1], "the answer")
    shelf.stop()
    assert {name for name, _ in told} == {"map-shelf"} and len(told) <= 21
