"""A site's own map on the desk's map: chosen by hand, drawn by its thread, never in the way."""

from __future__ import annotations

import gzip
import math
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from vt2pbf import Tile

from console.maps import servers
from console.maps.facts import Facts
from console.maps.faults import Fault, Why
from console.maps.files import FileMap
from console.maps.looking import Looking
from console.models.maps import MapModel
from console.settings import DeskSettings, SettingsFile, salvaged
from resources.map.places import load_places
from tests.gui.map_fakes import Rows, StillClock
from tests.maps import makers
from tests.maps.served import Asked, serving
from tests.turning import turn, turn_until
from widgets.app import use_language
from widgets.contracts.maps import MapProblem, MapWhy
from widgets.map import own as own_module
from widgets.map import pictures, roadmap, roads, sound_pictures, tiles
from widgets.map.basemap import BaseMap
from widgets.map.chooser import NAMING_MS, MapChoiceMenu
from widgets.map.fault_words import why_words
from widgets.map.mvt import decode
from widgets.map.picture import Caption
from widgets.map.projection import forward
from widgets.map.view import MapView
from widgets.theme import DAY, NIGHT, Palette

PLACE = (59.33, 10.27)  # land, in the middle of the view
PATIENCE_S = 20.0
AWAY_S = 0.05


@cache
def picture(colour: str) -> bytes:
    return makers.picture(colour)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "maps").mkdir()
    return tmp_path


class Shown:
    """A map and what it is given."""

    def __init__(self, home: Path, palette: Palette = NIGHT, chosen: str = "") -> None:
        self.model = MapModel(home, chosen, ())
        self.view = MapView(Rows(), Rows(), StillClock(), palette, maps=self.model)
        self.view.resize(700, 600)
        self.view.show()
        self.look_at(*PLACE)

    def look_at(self, lat: float, lon: float, step: int = 40) -> None:
        self.view.show_point(lat, lon)
        camera = self.view.layer.camera
        self.view.layer.set_camera(camera.zoomed(step - camera.step, 350, 300))

    @property
    def menu(self) -> MapChoiceMenu:
        assert self.view.own is not None
        assert self.view.own.menu is not None
        return self.view.own.menu

    def settle(self) -> None:
        self.view.layer.repaint()
        turn_until(lambda: self.view.settled, "the map", PATIENCE_S)

    def colour(self, lat: float, lon: float) -> QColor:
        camera, image = self.view.layer.camera, self.view.layer.grab().toImage()
        x, y = forward(lat, lon)
        left, top = camera.origin()
        at = QPoint(round(float(x) * camera.scale - left), round(float(y) * camera.scale - top))
        return image.pixelColor(at)

    def open_menu(self) -> None:
        assert self.view.maps_button is not None
        QTest.mouseClick(self.view.maps_button, Qt.MouseButton.LeftButton)
        turn_until(self.menu.isVisible, "the menu", PATIENCE_S)

    def press(self, *words: str) -> None:
        """Actions by what they begin with, the last one in a menu below the others."""
        menu: QMenu = self.menu
        for word in words:
            turn_until(lambda w=word, m=menu: find(m, w), f"{word!r} in the menu", PATIENCE_S)  # type: ignore[misc]
            action = find(menu, word)
            assert action is not None
            QTest.mouseClick(
                menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center()
            )
            below = action.menu()
            if isinstance(below, QMenu):
                menu = below
                turn_until(menu.isVisible, f"the menu of {word!r}", PATIENCE_S)

    def choose(self, *words: str) -> None:
        self.open_menu()
        self.press(*words)
        self.menu.close()
        self.settle()

    def close(self) -> None:
        self.view.close_map()
        self.view.close()
        self.model.stop()


def find(menu: QMenu, word: str) -> QAction | None:
    return next((one for one in menu.actions() if one.text().startswith(word)), None)


def words_of(menu: QMenu) -> str:
    below = [one.menu() for one in menu.actions()]
    texts = [one.text() for one in menu.actions()]
    return "\n".join([*texts, *(words_of(m) for m in below if isinstance(m, QMenu))])


Make = Callable[..., Shown]


@pytest.fixture
def shown(home: Path, qapp: QApplication) -> Iterator[Make]:
    made: list[Shown] = []

    def make(*given: Any, **more: Any) -> Shown:
        made.append(Shown(home, *given, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def raster(path: Path, colour: str = "#e05a00", zooms: range = range(5, 11)) -> Path:
    tiles = {key: picture(colour) for key in makers.around(*PLACE, zooms, reach=4)}
    return makers.write_mbtiles(path, tiles)


def near(one: QColor, other: QColor | str, most: int = 3) -> bool:
    other = QColor(other)
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(a - b) <= most for a, b in pairs)


def toned(colour: str, palette: Palette) -> QColor:
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return pictures.toned(image, palette).pixelColor(0, 0)


# Choosing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=lambda p: p.name)
def test_a_map_is_chosen_by_clicks_and_seen(shown: Make, home: Path, palette: Palette) -> None:
    raster(home / "maps" / "orange.mbtiles")
    makers.write_pmtiles(
        home / "maps" / "blue.pmtiles",
        {key: picture("#3060c0") for key in makers.around(*PLACE, range(5, 11), reach=4)},
    )
    made = shown(palette)
    made.settle()
    assert near(made.colour(*PLACE), palette.land)
    assert "without roads" in made.view.layer.furniture.attribution
    made.choose("orange")
    assert near(made.colour(*PLACE), toned("#e05a00", palette))
    assert "© Fiktive kart" in made.view.layer.furniture.attribution
    assert "without roads" not in made.view.layer.furniture.attribution
    made.choose("blue")
    assert near(made.colour(*PLACE), toned("#3060c0", palette))
    made.choose("Base map only")
    assert near(made.colour(*PLACE), palette.land)
    assert "without roads" in made.view.layer.furniture.attribution


def test_a_map_is_chosen_by_keys(shown: Make, home: Path) -> None:
    raster(home / "maps" / "orange.mbtiles")
    made = shown()
    made.model.look()
    turn_until(made.model.rows, "the maps", PATIENCE_S)
    button = made.view.maps_button
    assert button is not None and button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert button.accessibleName() == "Which map is shown"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    turn_until(made.menu.isVisible, "the menu", PATIENCE_S)
    assert made.menu.accessibleName()
    QTest.keyClick(made.menu, Qt.Key.Key_Down)
    QTest.keyClick(made.menu, Qt.Key.Key_Return)
    made.settle()
    assert made.model.chosen().endswith("orange.mbtiles")
    assert near(made.colour(*PLACE), toned("#e05a00", NIGHT))


def test_the_choice_survives_a_restart(shown: Make, home: Path) -> None:
    path = raster(home / "maps" / "orange.mbtiles")
    made = shown()
    told: list[tuple[str, tuple[str, ...]]] = []
    made.model.chosen_changed.connect(lambda key, files: told.append((key, files)))
    made.choose("orange")
    file = SettingsFile(home / "settings.json")
    file.save(DeskSettings(map=told[-1][0], map_files=told[-1][1]))
    known = SettingsFile(home / "settings.json").load()
    assert known.map == f"file:{path}"
    again = shown(chosen=known.map)
    again.settle()
    assert near(again.colour(*PLACE), toned("#e05a00", NIGHT))
    assert salvaged(b'{"map": 7, "scale": 120}') == DeskSettings(scale=120)


def test_a_file_is_picked_in_the_dialog_and_can_be_forgotten(
    shown: Make, home: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = raster(elsewhere / "orange.mbtiles")
    made = shown()
    made.open_menu()
    made.press("Choose a file")
    assert made.view.own is not None
    turn_until(lambda: made.view.own and made.view.own.dialog, "the dialog", PATIENCE_S)
    dialog = made.view.own.dialog
    assert dialog is not None and not dialog.isModal()
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    turn_until(lambda: made.model.chosen() == f"file:{path}", "the choice", PATIENCE_S)
    made.settle()
    assert near(made.colour(*PLACE), toned("#e05a00", NIGHT))
    made.choose("orange", "Take it off")
    assert made.model.chosen() == "" and near(made.colour(*PLACE), NIGHT.land)
    assert not any("orange" in row.name for row in made.model.rows())


# What is wrong -----------------------------------------------------------------------------------


def test_a_file_that_cannot_be_shown_says_why_and_what_to_do(shown: Make, home: Path) -> None:
    path = home / "maps" / "torn.mbtiles"
    path.write_bytes(raster(home / "whole.mbtiles").read_bytes()[:3_000])
    made = shown(chosen=f"file:{path}")
    made.settle()
    assert near(made.colour(*PLACE), NIGHT.land)
    assert "without roads" in made.view.layer.furniture.attribution
    turn_until(lambda: made.view.own and made.view.own.problem, "the problem", PATIENCE_S)
    assert made.view.maps_button is not None
    assert "damaged" in made.view.maps_button.toolTip()
    made.open_menu()
    turn_until(lambda: find(made.menu, "torn.mbtiles: can't be shown"), "the row", PATIENCE_S)
    assert "Copy it anew" in words_of(made.menu)
    shutil.copy(home / "whole.mbtiles", path)
    made.press("torn.mbtiles", "Try again")
    made.menu.close()
    turn_until(lambda: made.view.own and made.view.own.facts, "the map", PATIENCE_S)
    made.settle()
    assert near(made.colour(*PLACE), toned("#e05a00", NIGHT))


@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_tiles_that_cannot_be_read_are_counted_and_the_others_shown(
    shown: Make, home: Path, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written to a terminal of them, however many there are."""
    here = makers.tile_at(*PLACE, 10)
    whole = makers.picture("#e05a00", form)
    tiles = dict.fromkeys(makers.around(*PLACE, (10,), reach=4), whole)
    torn = {(10, here[1], here[2] + dy): whole[: len(whole) - 40 - dy] for dy in (0, 1)}
    makers.write_mbtiles(home / "maps" / "spoiled.mbtiles", tiles | torn)
    made = shown()
    made.choose("spoiled")
    assert near(made.colour(*PLACE), NIGHT.land)
    assert near(made.colour(PLACE[0] + 0.2, PLACE[1]), toned("#e05a00", NIGHT))
    assert made.view.own is not None and made.view.own.going.spoiled == 2
    made.open_menu()
    assert "Parts of it that can't be read: 2" in words_of(made.menu)
    made.menu.close()
    assert "lib" not in capfd.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("nb", "latt seg lese"), ("nn", "let seg lese")])
def test_a_map_of_which_no_tile_can_be_read_says_so_until_one_can(
    shown: Make, home: Path, desk_app: QApplication, language: str, word: str
) -> None:
    """It opens well, and what is seen is the base map: under another's name it would seem to have
    roads."""
    use_language(desk_app, language)
    page = b"<html>Log in first</html>"
    tiles_ = dict.fromkeys(makers.around(*PLACE, (9,), reach=2), page)
    there = makers.tile_at(*PLACE, 9)
    tiles_[9, there[1] + 8, there[2]] = picture("#e05a00")
    path = makers.write_mbtiles(home / "maps" / "pages.mbtiles", tiles_)
    made = shown(chosen=f"file:{path}")
    made.settle()
    own, button = made.view.own, made.view.maps_button
    assert own is not None and button is not None and near(made.colour(*PLACE), NIGHT.land)
    turn_until(lambda: own.going.is_unreadable, "the word", PATIENCE_S)
    assert word in button.toolTip()
    assert "virker ikke" in own.attribution() or "verkar ikkje" in own.attribution()
    made.open_menu()
    assert word in words_of(made.menu).replace("\n", " ")
    made.menu.close()
    made.look_at(PLACE[0], PLACE[1] + 8 * 360 / 2**9)
    made.settle()
    turn_until(lambda: not own.going.is_unreadable, "the word goes", PATIENCE_S)
    assert own.going.spoiled and word not in button.toolTip()


@pytest.mark.parametrize("where", ["open", "tile"])
def test_a_map_that_hangs_does_not_hide_the_base_map(
    shown: Make, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    class Hanging:
        def open(self, _told: Callable[[], None]) -> Facts:
            if where == "open":
                free.wait(30)
            return Facts("hangs", "raster")

        def tile(self, *_key: int) -> bytes | None:
            free.wait(30)
            return None

        def close(self) -> None:
            pass

    monkeypatch.setattr(MapModel, "own", lambda _: Hanging())
    made = shown(chosen="file:/hangs")
    try:
        made.view.layer.repaint()
        turn_until(lambda: near(made.colour(*PLACE), NIGHT.land), "the base map", 5.0)
        began = time.monotonic()
        made.model.choose("")
        assert time.monotonic() - began < 0.05
        made.settle()
    finally:
        free.set()


# Servers -----------------------------------------------------------------------------------------


def set_up(home: Path, root: str) -> None:
    (home / "maps" / servers.FILE).write_text(
        f'[[server]]\nname = "Kart fra nettet"\naddress = "{root}/{{z}}/{{x}}/{{y}}.png"\n'
        'attribution = "© Nettet"\n'
    )


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_server_is_asked_only_once_it_has_been_chosen(shown: Make, home: Path) -> None:
    def slowly(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.05)
        return 200, {"Content-Type": "image/png"}, picture("#e05a00")

    with serving(slowly) as host:
        set_up(home, host.root)
        made = shown()
        made.settle()
        made.open_menu()
        turn_until(lambda: find(made.menu, "Kart fra nettet"), "the server", PATIENCE_S)
        assert "127.0.0.1 learns which part" in words_of(made.menu)
        turn(200)
        assert host.asked == []
        made.press("Kart fra nettet", "Show it, and ask 127.0.0.1")
        made.menu.close()
        made.view.layer.repaint()
        turn_until(lambda: near(made.colour(*PLACE), toned("#e05a00", NIGHT)), "tiles", PATIENCE_S)
        made.settle()
        assert "© Nettet" in made.view.layer.furniture.attribution
        asked = len(host.asked)
        assert asked == len(set(host.paths)) and 4 <= asked < 60
        made.choose("Base map only")
        made.look_at(60.4, 5.4)
        made.settle()
        assert len(host.asked) == asked


def test_a_server_that_fails_is_told_of_and_comes_back(
    shown: Make, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.maps.tile_server.BACK_OFF_S", (0.3, 0.3))
    monkeypatch.setattr(own_module, "ASK_AGAIN_S", 0.2)
    with serving(lambda _: (500, {}, b"")) as host:
        set_up(home, host.root)
        made = shown(chosen="server:Kart fra nettet")
        made.view.layer.repaint()
        turn_until(lambda: near(made.colour(*PLACE), NIGHT.land), "the base map", 5.0)
        turn_until(
            lambda: "does not work" in made.view.layer.furniture.attribution, "the word", 5.0
        )
        made.open_menu()
        turn_until(lambda: "Questions without an answer" in words_of(made.menu), "the count", 5.0)
        made.menu.close()
        host.answer = lambda _: (200, {"Content-Type": "image/png"}, picture("#e05a00"))
        turn_until(lambda: near(made.colour(*PLACE), toned("#e05a00", NIGHT)), "tiles", PATIENCE_S)
        made.settle()
        assert "does not work" not in made.view.layer.furniture.attribution


def test_a_slip_in_the_servers_file_is_told(shown: Make, home: Path) -> None:
    (home / "maps" / servers.FILE).write_text('[[server]]\nname = "Feil"\naddres = "x"\n')
    made = shown()
    made.open_menu()
    turn_until(lambda: find(made.menu, "Feil: does not work"), "the row", PATIENCE_S)
    assert "servers.toml makes no sense" in words_of(made.menu)
    assert "addres" in words_of(made.menu)
    made.menu.close()


def test_the_window_knows_every_code() -> None:
    assert {*get_args(Fault), ""} == {*get_args(MapProblem)}
    assert get_args(Why) == get_args(MapWhy)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_what_is_wrong_is_told_in_the_desks_language_alone(
    shown: Make, home: Path, desk_app: QApplication, language: str
) -> None:
    for why in get_args(MapWhy):
        english = why_words(why, "")
        use_language(desk_app, language)
        assert why_words(why, "") != english or why in ("", "status")
        use_language(desk_app, "en")
    use_language(desk_app, language)
    (home / "maps" / "old.pmtiles").write_bytes(b"PMTiles\x02" + bytes(200))
    (home / "maps" / "torn.mbtiles").write_bytes(b"SQLite format 3\0" + bytes(3_000))
    (home / "maps" / servers.FILE).write_text("[[server]\nname = 'x'\n")
    made = shown()
    made.open_menu()
    turn_until(lambda: "versjon 2" in words_of(made.menu), "the row", PATIENCE_S)
    said = words_of(made.menu)
    assert "inje 1" in said, "the line that can't be read"
    for english in ("PMTiles version", "not a database", "malformed", "line 1", "Expected"):
        assert english not in said
    made.menu.close()


# What is drawn -----------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=lambda p: p.name)
def test_roads_water_and_houses_of_a_vector_map(shown: Make, home: Path, palette: Palette) -> None:
    z, lat, lon = 14, *makers.TOWN
    key = makers.tile_at(lat, lon, z)
    north, west = (key[2] + 0.0) / 2**z, (key[1] + 0.0) / 2**z
    made_of = Tile()

    def put(layer: str, kind: int, tags: dict[str, object], points: list[tuple[int, int]]) -> None:
        made_of.add_layer(layer, [{"geometry": [points], "type": kind, "tags": tags}])

    put("water", 3, {"class": "lake"}, [(0, 0), (2_000, 0), (2_000, 2_000), (0, 2_000), (0, 0)])
    put("transportation", 2, {"class": "motorway"}, [(0, 3_000), (4_096, 3_000)])
    house = [(3_000, 500), (3_800, 500), (3_800, 1_500), (3_000, 1_500), (3_000, 500)]
    put("building", 3, {}, house)
    tiles_ = {key: gzip.compress(made_of.serialize_to_bytestring())}
    makers.write_mbtiles(home / "maps" / "vector.mbtiles", tiles_, "pbf")
    made = shown(palette)
    made.look_at(lat, lon, 60)
    made.choose("vector")

    def at(x: int, y: int) -> QColor:
        camera, image = made.view.layer.camera, made.view.layer.grab().toImage()
        left, top = camera.origin()
        here = (west + x / 4_096 / 2**z) * camera.scale - left
        down = (north + y / 4_096 / 2**z) * camera.scale - top
        return image.pixelColor(round(here), round(down))

    assert near(at(1_000, 1_000), palette.water)
    assert near(at(1_500, 3_000), palette.map_motorway)
    assert near(at(3_400, 1_000), palette.map_building)
    assert near(at(2_500, 2_400), palette.land)


def test_a_broken_shape_is_counted_and_the_rest_of_its_tile_drawn(shown: Make, home: Path) -> None:
    """A line that names more points than it has, as a writer that was cut short leaves it."""
    key = makers.tile_at(*PLACE, 9)
    lake = [(0, 0), (4_096, 0), (4_096, 4_096), (0, 4_096), (0, 0)]
    made_of = Tile()
    made_of.add_layer("water", [{"geometry": [lake], "type": 3, "tags": {}}])
    made_of.add_layer(
        "roads", [{"geometry": [[(0, 0), (9, 9)]], "type": 2, "tags": {"class": "primary"}}]
    )
    raw = made_of.serialize_to_bytestring()
    broken = raw.replace(bytes([9, 0, 0, (1 << 3) | 2, 18, 18]), bytes([9, 0, 0, 82, 18, 18]))
    assert broken != raw
    makers.write_mbtiles(home / "maps" / "broken.mbtiles", {key: broken}, "pbf")
    made = shown()
    made.look_at(*PLACE, 40)
    made.settle()
    assert near(made.colour(*PLACE), NIGHT.land)
    made.choose("broken")
    assert near(made.colour(*PLACE), NIGHT.water)
    turn_until(lambda: made.view.own and made.view.own.going.spoiled, "the count", PATIENCE_S)
    made.open_menu()
    assert "Parts of it that can't be read: 1" in words_of(made.menu)
    made.menu.close()


def named(made: Shown) -> set[str]:
    """Of the map's own places those whose names stand on it."""
    layout = made.view.layer._shown_layout()
    spots = layout.places.sprites.anchors / layout.camera.scale
    x, y = np.array(layout.camera.origin(made.view.layer._atlas.ratio)) / layout.camera.scale
    seen = {(round(a + x, 7), round(b + y, 7)) for a, b in spots.tolist()}
    places = {name: makers.world(*spot) for _, name, spot in makers.PLACES}
    return {
        name for name, at in places.items()
        if any(abs(at[0] - a) < 1e-6 and abs(at[1] - b) < 1e-6 for a, b in seen)
    }  # fmt: skip


def test_places_of_a_vector_map_are_named_each_once_from_their_zoom_on(
    shown: Make, home: Path, tmp_path: Path
) -> None:
    ours = load_places()[0]  # a large town: the map has it too, and is not to name it again
    again: makers.Feature = ("place", 1, {"class": "city", "name": ours.name.upper()},
                             [[(ours.lat + 0.01, ours.lon)]])  # fmt: skip
    features = [*makers.town(), again]
    keys = [*makers.around(*makers.TOWN, range(6, 15)), makers.tile_at(ours.lat, ours.lon, 6)]
    tiles_ = {key: gzip.compress(makers.vector_tile(key, features)) for key in keys}
    makers.write_mbtiles(home / "maps" / "vector.mbtiles", tiles_, "pbf")
    made = shown()
    lat, lon = makers.TOWN
    made.look_at(lat, lon, 40)  # zoom 10
    assert made.view.own is not None
    bundled = len(made.view.layer.places.places)
    made.choose("vector")
    turn_until(lambda: named(made) == {"Fiktivbygda"}, "the village alone", PATIENCE_S)
    made.look_at(lat, lon, 46)  # zoom 11.5
    made.settle()
    turn_until(lambda: named(made) == {"Fiktivbygda", "Oppdiktgrenda"}, "both", PATIENCE_S)
    made.look_at(ours.lat, ours.lon, 26)
    made.settle()
    turn(2 * NAMING_MS)
    assert len(made.view.layer.places.places) == bundled + 2, "each once"
    made.choose("Base map only")
    assert len(made.view.layer.places.places) == bundled
    made.look_at(lat, lon, 46)
    made.settle()
    turn_until(lambda: not named(made), "the map's names go with it", PATIENCE_S)


def test_a_tile_without_water_is_land_though_no_file_names_its_layers(
    shown: Make, home: Path
) -> None:
    """The coast of the base map is coarser: its sea must not show in the tile beside the shore."""
    z, lat, lon = 12, 58.0, 9.0  # sea, on the base map
    x, y = makers.tile_at(lat, lon, z)[1:]

    def tile(layer: str, kind: int, points: list[tuple[int, int]]) -> bytes:
        made_of = Tile()
        made_of.add_layer(layer, [{"geometry": [points], "type": kind, "tags": {}}])
        return gzip.compress(made_of.serialize_to_bytestring())

    lake = [(0, 0), (900, 0), (900, 900), (0, 900), (0, 0)]
    makers.write_mbtiles(
        home / "maps" / "shore.mbtiles",
        {
            (z, x, y): tile("road", 2, [(0, 100), (4_096, 100)]),
            (z, x + 1, y): tile("water", 3, lake),
        },
        "pbf",
    )
    north = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / 2**z))))
    middle = (north, (x + 0.5) / 2**z * 360 - 180)
    made = shown()
    made.look_at(*middle, step=52)
    made.settle()
    assert near(made.colour(*middle), NIGHT.water)
    made.choose("shore")
    turn_until(lambda: near(made.colour(*middle), NIGHT.land), "the land", 5.0)


def only_layer(name: str) -> bytes:
    made_of = Tile()
    points = [(0, 100), (4_096, 100)]
    made_of.add_layer(name, [{"geometry": [points], "type": 2, "tags": {"highway": "primary"}}])
    return gzip.compress(made_of.serialize_to_bytestring())


@pytest.mark.parametrize("json", ["", '{"vector_layers": [{"id": "osm"}, {"id": "poi_label"}]}'])
@pytest.mark.parametrize(
    "case",
    [
        ("en", "none of its layers is known", ": can't be shown"),
        ("nb", "ingen av kartlagene", ": kan ikke vises"),
        ("nn", "ingen av kartlaga", ": kan ikkje visast"),
    ],
)
def test_a_vector_map_of_which_nothing_is_drawn_says_so(
    shown: Make, home: Path, desk_app: QApplication, json: str, case: tuple[str, str, str]
) -> None:
    language, *words = case
    use_language(desk_app, language)
    tiles_ = dict.fromkeys(makers.around(*PLACE, (9,), reach=2), only_layer("osm"))
    path = makers.write_mbtiles(home / "maps" / "strange.mbtiles", tiles_, "pbf", json=json)
    made = shown(chosen=f"file:{path}")
    made.settle()
    assert near(made.colour(*PLACE), NIGHT.land)
    turn_until(lambda: made.view.own and made.view.own.going.is_strange, "the word", PATIENCE_S)
    assert made.view.own is not None and made.view.own.going.spoiled == 0
    made.open_menu()
    said = words_of(made.menu).replace("\n", " ")
    assert all(one in said for one in words)
    made.menu.close()
    assert made.view.maps_button is not None
    assert words[0] in made.view.maps_button.toolTip()


def test_a_vector_map_with_a_known_layer_elsewhere_is_no_stranger(shown: Make, home: Path) -> None:
    """Its first tiles hold nothing that is known, others do."""
    there = makers.tile_at(*PLACE, 9)
    tiles_ = dict.fromkeys(makers.around(*PLACE, (9,), reach=2), only_layer("osm"))
    made = shown()
    makers.write_mbtiles(home / "maps" / "strange.mbtiles", tiles_, "pbf")
    made.choose("strange")
    own = made.view.own
    assert own is not None
    turn_until(lambda: own.going.is_strange, "the word", PATIENCE_S)
    tiles_ = {(9, there[1] + 8, there[2]): only_layer("roads")} | tiles_
    (home / "maps" / "strange.mbtiles").unlink()
    makers.write_mbtiles(home / "maps" / "strange.mbtiles", tiles_, "pbf")
    made.choose("strange", "Show it")
    made.model.choose("")
    made.choose("strange")
    made.look_at(PLACE[0], PLACE[1] + 8 * 360 / 2**9)
    made.settle()
    turn_until(lambda: not own.going.is_strange, "the word goes", PATIENCE_S)


def test_beyond_the_greatest_zoom_and_where_there_is_none(shown: Make, home: Path) -> None:
    """One tile alone: stretched over all that lies in it, and the base map beside it."""
    key = makers.tile_at(*PLACE, 8)
    makers.write_mbtiles(home / "maps" / "one.mbtiles", {key: picture("#e05a00")})
    made = shown()
    made.choose("one")
    for step in (30, 41, 55, 68):
        made.look_at(*PLACE, step)
        made.settle()
        assert near(made.colour(*PLACE), toned("#e05a00", NIGHT)), step
    made.look_at(60.6, 8.9)  # land, in another tile
    made.settle()
    assert near(made.colour(60.6, 8.9), NIGHT.land)


@pytest.mark.parametrize("side", [256, 512, 128])
def test_tiles_of_any_size_meet_without_a_seam(shown: Make, home: Path, side: int) -> None:
    data = makers.picture("#e05a00", "png", side)
    tiles_ = dict.fromkeys(makers.around(*PLACE, range(6, 13), reach=5), data)
    makers.write_mbtiles(home / "maps" / "even.mbtiles", tiles_)
    made = shown()
    made.choose("even")
    wanted = toned("#e05a00", NIGHT)
    for step in (38, 39, 41):
        made.look_at(*PLACE, step)
        made.settle()
        assert made.view.own is not None and made.view.own._drawer is not None
        turn_until(lambda: made.view.settled, "rest", PATIENCE_S)
        whole = 0
        for pixmap in made.view._store._pixmaps.values():
            image = pixmap.toImage()
            ends = [image.pixelColor(x, y) for x in (0, 511) for y in (0, 511)]
            if all(near(one, wanted) for one in ends):  # it lies within the map
                whole += 1
                assert all(near(image.pixelColor(n, 200), wanted) for n in range(512))
                assert all(near(image.pixelColor(200, n), wanted) for n in range(512))
        assert whole


def test_a_white_map_does_not_blind_at_night() -> None:
    """White paper becomes no lighter than a quiet grey; by day the units stay what is darkest."""
    white = toned("#ffffff", NIGHT)
    assert near(white, NIGHT.map_tone)
    assert max(white.getRgb()[:3]) <= 0x70  # type: ignore[index]
    assert near(toned("#000000", NIGHT), "#000000")
    black = toned("#000000", DAY)
    assert min(black.getRgb()[:3]) >= 0x30  # type: ignore[index]
    clear = QImage(4, 4, QImage.Format.Format_ARGB32_Premultiplied)
    clear.fill(Qt.GlobalColor.transparent)
    painter = QPainter(clear)
    painter.fillRect(0, 0, 2, 4, QColor("#ffffff"))
    painter.end()
    for palette in (NIGHT, DAY):
        dark = pictures.toned(clear, palette)
        assert dark.pixelColor(3, 1).alpha() == 0 and dark.pixelColor(0, 1).alpha() == 255
    assert pictures.toned(clear, NIGHT).pixelColor(0, 0).lightness() <= 0x70


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=lambda p: p.name)
def test_a_maps_red_roads_are_not_taken_for_alarms(palette: Palette) -> None:
    for red in ("#e8402a", "#ff0000", "#c4200f"):
        assert toned(red, palette).hslSaturationF() < 0.65


@pytest.mark.parametrize("size", [(1_025, 10), (10, 5_000)])
def test_a_picture_that_is_too_large_is_refused_before_it_is_read(size: tuple[int, int]) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(0)
    from PySide6.QtCore import QBuffer, QIODevice  # noqa: PLC0415

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "png")  # type: ignore[call-overload]  # the stub is wrong
    with pytest.raises(sound_pictures.PictureError, match="pixels"):
        pictures.read_picture(bytes(buffer.data().data()))


# Qt's thread -------------------------------------------------------------------------------------


@cache
def dense() -> bytes:
    """A town of 4,000 houses and 400 crooked streets in one tile: some 32,000 points."""
    chance, made = random.Random(5), Tile()
    streets, houses, names = [], [], []
    for n in range(400):
        x, y = chance.randrange(4_096), chance.randrange(4_096)
        line = [(x, y)]
        for _ in range(30):
            x, y = x + chance.randrange(-60, 90), y + chance.randrange(-60, 90)
            line.append((x, y))
        kind = chance.choice(["minor", "service", "secondary", "path", "tertiary"])
        streets.append({"geometry": [line], "type": 2, "tags": {"class": kind}})
        tags = {"class": kind, "name": f"Gate {n}", "ref": str(n) if n % 20 == 0 else ""}
        names.append({"geometry": [line], "type": 2, "tags": tags})
    for _ in range(4_000):
        x, y = chance.randrange(4_096), chance.randrange(4_096)
        ring = [(x, y), (x + 30, y + 5), (x + 28, y + 30), (x, y + 26), (x, y)]
        houses.append({"geometry": [ring], "type": 3, "tags": {}})
    made.add_layer("transportation", streets)
    made.add_layer("transportation_name", names)
    made.add_layer("building", houses)
    return gzip.compress(made.serialize_to_bytestring(), 6)


class Heart(QTimer):
    """How long Qt's thread was away at most, while it beats."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_s, self._last_s = 0.0, time.perf_counter()
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.timeout.connect(self._beat)
        self.start(1)

    def _beat(self) -> None:
        now_s = time.perf_counter()
        self.longest_s, self._last_s = max(self.longest_s, now_s - self._last_s), now_s


def test_qts_thread_draws_reads_and_decodes_nothing_and_is_never_away_for_long(
    shown: Make, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, set[str]] = {}

    def watched(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def seen(*given: Any, **more: Any) -> Any:
            threads.setdefault(name, set()).add(threading.current_thread().name)
            return real(*given, **more)

        monkeypatch.setattr(owner, name, seen)

    for owner, name in (
        (own_module, "decode"), (roadmap, "draw_tile"), (roadmap, "draw_words"),
        (tiles, "draw_tile"), (BaseMap, "patches"), (pictures, "read_picture"),
        (pictures, "toned"),
    ):  # fmt: skip
        watched(owner, name)
    watched(FileMap, "tile")
    watched(FileMap, "open")
    watched(Looking, "found")
    keys = makers.around(*makers.TOWN, (14,), reach=2)
    makers.write_mbtiles(home / "maps" / "dense.mbtiles", {key: dense() for key in keys}, "pbf")
    raster(home / "maps" / "orange.mbtiles")
    made = shown()
    made.look_at(*makers.TOWN, 60)
    made.choose("dense")
    longest: list[float] = []
    for step in (64, 62, 66, 60, 65, 63, 61):  # what else this machine does may hit some of them
        if longest and min(longest) < AWAY_S:
            break
        heart = Heart()
        made.look_at(*makers.TOWN, step)
        made.settle()
        heart.stop()
        longest.append(heart.longest_s)
    made.choose("orange")
    main = threading.main_thread().name
    assert set(threads) >= {"decode", "draw_tile", "draw_words", "patches", "read_picture",
                            "toned", "tile", "open", "found"}  # fmt: skip
    assert not {name for name, seen in threads.items() if main in seen}
    assert min(longest) < AWAY_S, longest


class Timed(QPainter):
    """What one call takes of the processor: Qt's thread waits so long for Python's lock."""

    longest_s = 0.0

    def _timed(self, name: str, *given: Any) -> None:
        began_s = time.thread_time()
        getattr(QPainter, name)(self, *given)
        Timed.longest_s = max(Timed.longest_s, time.thread_time() - began_s)

    def strokePath(self, *given: Any) -> None:
        self._timed("strokePath", *given)

    def fillPath(self, *given: Any) -> None:
        self._timed("fillPath", *given)


@pytest.mark.parametrize("zoom", [12.0, 14.0, 15.25, 17.0])
def test_no_single_call_keeps_pythons_lock_for_long(zoom: float, qapp: QApplication) -> None:
    tile = decode(gzip.decompress(dense()), roads.takes, roads.KEYS, roads.sort)
    side = 256 * 2 ** (zoom - 13)
    image = QImage(512, 512, QImage.Format.Format_RGB32)
    placed = roadmap.Placed(tile, 0.0, 0.0, side, QRectF(0, 0, 512, 512))
    Timed.longest_s = 0.0
    painter = Timed(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    roadmap.draw_tile(painter, placed, roadmap.Look(DAY, zoom, 1.0), whole=True)
    painter.end()
    assert 0 < Timed.longest_s < 0.02


def test_what_is_kept_is_bounded(shown: Make, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_module, "MAX_KEPT", 2_000_000)
    raster(home / "maps" / "orange.mbtiles", zooms=range(8, 13))
    made = shown()
    made.choose("orange")
    assert made.view.own is not None
    drawer = made.view.own._drawer
    assert drawer is not None
    for step in (36, 40, 44, 47, 50, 40):
        made.look_at(*PLACE, step)
        made.settle()
        assert drawer._kept_bytes <= 2_000_000
        assert drawer._kept_bytes == sum(own_module._weight(t) for t in drawer._kept.values())


def test_another_look_draws_the_map_anew(shown: Make, home: Path, qtbot: QtBot) -> None:
    raster(home / "maps" / "orange.mbtiles")
    made = shown()
    made.choose("orange")
    made.view.set_palette(DAY)
    made.settle()
    assert near(made.colour(*PLACE), toned("#e05a00", DAY))
    made.view.set_scale(2.0)
    made.settle()
    image = made.view.layer.grab().toImage()
    assert near(image.pixelColor(60, 300), toned("#e05a00", DAY))


def test_beyond_a_maps_own_bounds_the_base_map_is_seen(shown: Make, home: Path) -> None:
    """A tile at the edge is half empty; what no map holds there is not drawn as land or paper."""
    west, outside = PLACE[1] - 0.05, (PLACE[0], PLACE[1] - 0.1)
    tiles_ = {key: picture("#e05a00") for key in makers.around(*PLACE, range(5, 11), reach=4)}
    bounds = f"{west},58,12,61"
    makers.write_mbtiles(home / "maps" / "half.mbtiles", tiles_, bounds=bounds)
    made = shown()
    made.choose("half")
    assert near(made.colour(*PLACE), toned("#e05a00", NIGHT))
    assert near(made.colour(*outside), NIGHT.land)


def test_a_thread_that_goes_on_after_the_end_of_its_window_harms_nobody(
    shown: Make, home: Path
) -> None:
    raster(home / "maps" / "orange.mbtiles")
    made = shown()
    made.choose("orange")
    assert made.view.own is not None
    drawer = made.view.own._drawer
    assert drawer is not None
    job = tiles.Job(tiles.TileKey(40, 270, 150), 1.0, NIGHT)
    assert made.view._store.base(job).pixelColor(0, 0).isValid()
    made.view.close_map()
    drawer._stopping.clear()  # as if it had not heard of it
    assert near(made.view._store.base(job).pixelColor(9, 9), NIGHT.water)
    drawer._draw(job)


def test_the_map_is_on_paper_too(shown: Make, home: Path) -> None:
    raster(home / "maps" / "orange.mbtiles")
    made = shown()
    made.choose("orange")
    pictures_: list[QImage] = []
    made.view.sheet(Caption("made up")).ready.connect(pictures_.append)
    turn_until(lambda: pictures_, "the sheet", PATIENCE_S)
    image, wanted = pictures_[0], toned("#e05a00", DAY)
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert near(middle, wanted)
    assert made.view.own is not None and not made.view.own._others


def test_an_alarm_closes_the_dialog(shown: Make) -> None:
    made = shown()
    made.open_menu()
    made.press("Choose a file")
    assert made.view.own is not None
    turn_until(lambda: made.view.own and made.view.own.dialog, "the dialog", PATIENCE_S)
    made.view.own.close_dialog()
    turn_until(lambda: made.view.own and not made.view.own.dialog, "no dialog", PATIENCE_S)
