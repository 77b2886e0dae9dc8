"""Vector tiles: what each schema's words are drawn as, and what is too much for a desk."""

from __future__ import annotations

import numpy as np
import pytest
from vt2pbf import Tile

from widgets.map import mvt, roads
from widgets.map.mvt import AREA, LINE, POINT, MvtError, VectorTile, decode
from widgets.map.roadmap import width_at

SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]


def read(tile: Tile) -> VectorTile:
    return decode(tile.serialize_to_bytestring(), roads.takes, roads.KEYS, roads.sort)


@pytest.mark.parametrize(
    ("layer", "shape", "properties", "kind"),
    [
        ("transportation", LINE, {"class": "motorway"}, "motorway"),
        ("transportation", LINE, {"class": "minor", "brunnel": "tunnel"}, "minor~"),
        ("transportation", LINE, {"class": "primary_construction"}, "primary"),
        ("transportation_name", LINE, {"class": "trunk", "ref": "E 6"}, "@trunk"),
        ("roads", LINE, {"kind": "major_road", "kind_detail": "secondary"}, "secondary"),
        ("roads", LINE, {"kind": "highway"}, "motorway"),
        ("roads", LINE, {"pmap:kind": "minor_road", "is_tunnel": True}, "minor~"),
        ("streets", LINE, {"kind": "motorway_link", "tunnel": True}, "motorway~"),
        ("streets", LINE, {"kind": "narrow_gauge", "rail": True}, "rail"),
        ("water", AREA, {"class": "ocean"}, "water"),
        ("ocean", AREA, {}, "water"),
        ("earth", AREA, {"kind": "earth"}, "earth"),
        ("landuse", AREA, {"kind": "national_park"}, ""),
        ("landcover", AREA, {"class": "wood"}, "wood"),
        ("land", AREA, {"kind": "forest"}, "wood"),
        ("boundary", LINE, {"admin_level": 4}, "boundary"),
        ("boundary", LINE, {"admin_level": 2, "maritime": 1}, ""),
        ("boundary", LINE, {"admin_level": 8}, ""),
        ("boundaries", LINE, {"kind": "country"}, "boundary"),
        ("aeroway", LINE, {"class": "runway"}, "runway"),
        ("N50_VegSti", LINE, {}, "minor"),
        ("Innsjø", AREA, {}, "water"),
        ("Bygning", AREA, {}, "building"),
        ("poi", AREA, {"class": "hospital"}, ""),
        ("poi", POINT, {"class": "village", "name": "x"}, ""),
        ("aeroway", POINT, {"class": "runway"}, ""),
        ("place", POINT, {"class": "village"}, "village"),
        ("place", POINT, {"class": "country"}, ""),
        ("place", AREA, {"class": "island"}, ""),
        ("places", POINT, {"kind": "locality", "kind_detail": "hamlet"}, "hamlet"),
        ("places", POINT, {"pmap:kind": "locality", "pmap:kind_detail": "town"}, "town"),
        ("place_labels", POINT, {"kind": "isolated_dwelling"}, "farm"),
        ("transportation", AREA, {"class": "pier"}, ""),
        ("road", LINE, {"class": "motorway"}, "minor"),  # Mapbox Streets
        ("road_label", LINE, {"class": "main", "ref": "18"}, ""),
        ("road_label", POINT, {"class": "main"}, ""),
        ("waterway_label", LINE, {"class": "river"}, ""),
        ("water_label", AREA, {}, ""),
        ("rail_station_label", LINE, {}, ""),
        ("street_labels_points", LINE, {"kind": "primary"}, ""),
        ("Waterway Labels", LINE, {}, ""),
        ("street_labels", LINE, {"kind": "primary"}, "@primary"),
        ("place_label", POINT, {"class": "settlement", "type": "village"}, "village"),
        ("place_label", POINT, {"type": "town"}, "town"),
        ("place_label", POINT, {"class": "state", "type": "state"}, ""),
        ("place_label", LINE, {"type": "town"}, ""),
    ],
)
def test_words_of_the_schemas(
    layer: str, shape: int, properties: dict[str, object], kind: str
) -> None:
    assert (roads.sort(layer, shape, properties) if roads.takes(layer) else "") == kind


def test_places_are_told_where_they_are_and_a_neighbours_are_its_own() -> None:
    tile = Tile()
    spots: list[tuple[object, tuple[int, int]]] = [
        ("Fiktivbygda", (1_024, 3_072)), ("Nabobygda", (4_096, 10)), ("Over kanten", (-5, 10)),
        ("", (1, 1)), (7, (2, 2)), ("x" * 500, (0, 0)),
    ]  # fmt: skip
    tile.add_layer(
        "place",
        [{"geometry": [at], "type": 1, "tags": {"class": "village", "name": name}}
         for name, at in spots],
    )  # fmt: skip
    read_ = read(tile)
    assert read_.spots == (
        mvt.Spot("village", "Fiktivbygda", 0.25, 0.75),
        mvt.Spot("village", "x" * mvt.MAX_WORDS, 0.0, 0.0),
    )
    assert not read_.areas and not read_.lines and not read_.named


def test_points_parts_holes_and_names_are_where_the_encoder_put_them() -> None:
    tile = Tile()
    hole = [(20, 20), (20, 80), (80, 80), (80, 20), (20, 20)]
    tile.add_layer("water", [{"geometry": [SQUARE, hole], "type": 3, "tags": {}}])
    ways = [[(0, 0), (4_096, 2_048)], [(10, 10), (20, 20), (30, 10)]]
    tags = {"class": "primary", "ref": "311", "name": "Fiktiv vei"}
    tile.add_layer(
        "roads",
        [{"geometry": ways, "type": 2, "tags": tags},
         {"geometry": [[(7, 8), (9, 10)]], "type": 2, "tags": {"class": "primary"}}],
    )  # fmt: skip
    found = read(tile)
    water, primary = found.areas["water"], found.lines["primary"]
    assert water.counts.tolist() == [4, 4] and water.owners.tolist() == [0, 0]
    assert np.allclose(water.points[4:] * 4_096, hole[:4])
    assert primary.counts.tolist() == [2, 3, 2] and primary.owners.tolist() == [0, 0, 1]
    assert np.allclose(primary.points * 4_096, [*ways[0], *ways[1], (7, 8), (9, 10)])
    assert {(one.kind, one.words, len(one.points)) for one in found.named} == {
        ("ref primary", "311", 3), ("name primary", "Fiktiv vei", 3),
    }  # fmt: skip


def test_what_is_too_much_is_left_out_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    tile = Tile()
    line = [(n % 4_096, n // 4_096) for n in range(3_000)]
    ways = [{"geometry": [line], "type": 2, "tags": {"class": "minor"}} for _ in range(4)]
    tile.add_layer("roads", ways)
    assert len(read(tile).lines["minor"].points) == 12_000
    for name, value in (("MAX_NUMBERS", 20_000), ("MAX_FEATURES", 3), ("MAX_BYTES", 1_000)):
        with monkeypatch.context() as patched:
            patched.setattr(mvt, name, value)
            with pytest.raises(MvtError, match=r"more than|larger"):
                read(tile)
    with pytest.raises(MvtError, match="extent"):
        raw = Tile(extend=7)
        raw.add_layer("roads", ways[:1])
        read(raw)


def test_a_road_grows_with_the_zoom_and_a_larger_one_is_wider() -> None:
    for zoom in np.arange(4, 17.1, 0.25).tolist():
        widths = [width_at(kind, zoom) for kind in roads.ROADS]
        assert widths == sorted(widths, reverse=True)
        assert all(width_at(kind, zoom) <= width_at(kind, zoom + 0.25) for kind in roads.ROADS)


BROKEN = {
    "ends too early": [9, 0, 0, (50 << 3) | 2, 2],
    "begins more than once": [(2 << 3) | 1, 0, 0, 4, 4],
    "an unknown command": [9, 0, 0, 11, 4, 4],
}


@pytest.mark.parametrize("geometry", BROKEN.values(), ids=list(BROKEN))
def test_a_shape_that_makes_no_sense_is_left_out_alone_and_counted(geometry: list[int]) -> None:
    """Of several layers and kinds, with a name, at the beginning and amid others."""
    tile = Tile()
    good = {"geometry": [[(7, 8), (9, 10)]], "type": 2, "tags": {"class": "primary", "ref": "1"}}
    tile.add_layer("roads", [good] * 3)
    tile.add_layer("water", [{"geometry": [SQUARE], "type": 3, "tags": {}}] * 2)
    raw = mvt._tile_class()()
    raw.ParseFromString(tile.serialize_to_bytestring())
    for layer, at in ((0, 0), (0, 1), (1, 0)):
        del raw.layers[layer].features[at].geometry[:]
        raw.layers[layer].features[at].geometry.extend(geometry)
    found = decode(raw.SerializeToString(), roads.takes, roads.KEYS, roads.sort)
    assert found.broken == 3
    assert np.allclose(found.lines["primary"].points * 4_096, [(7, 8), (9, 10)])
    assert np.allclose(found.areas["water"].points * 4_096, SQUARE[:4])
    assert found.lines["primary"].owners.tolist() == [0]
    assert [one.words for one in found.named] == ["1"]


def test_of_a_place_with_several_points_the_first_counts() -> None:
    tile = Tile()
    tags = {"class": "village", "name": "Fiktivbygda"}
    tile.add_layer("place", [{"geometry": [(1_024, 0), (9, 9)], "type": 1, "tags": tags}])
    assert read(tile).spots == (mvt.Spot("village", "Fiktivbygda", 0.25, 0.0),)
