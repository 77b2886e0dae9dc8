"""``vaktbord landmark``: the site's own places on the map, for all of its desks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final, get_args

import msgspec

from console.commands.landmark_file import FileError, landmark_id, read_places
from console.commands.options import key, one_line
from console.commands.saying import Refused, Subparsers, add_command, print_json, say, show
from console.domain.bounds import MAX_LANDMARKS
from console.domain.events import LandmarkDefined, LandmarkKind, LandmarkRemoved
from console.domain.events.landmarks import MAX_NOTE
from console.domain.landmark import Landmark
from console.domain.state import State
from console.site.log.subjects import LANDMARKS
from console.site.visit import Visit

KINDS: Final = get_args(LandmarkKind)
NOT_CHANGED: Final = (
    "Nothing was changed, and nothing is kept for later: do it again once the site is there"
)
NOT_TAKEN_IN: Final = (
    "Nothing of the file was taken in, and nothing is kept for later: import it again once the "
    "site is there"
)
MAX_TOLD: Final = 20  # lines of a file that were left out


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "list, set, remove and import the site's own places on the map"
    actions = add_command(subparsers, common, "landmark", text, (LANDMARKS,))
    one = actions.add("set", "put a place on the map, or change it", _set)
    one.add_argument("name", type=one_line(64), metavar="NAME")
    one.add_argument("--kind", choices=KINDS, default="other", help="(default: %(default)s)")
    add_place(one)
    one.add_argument("--landmark", type=key, metavar="ID", help="its id (default: by its name)")
    remove = actions.add("remove", "take a place off the map", _remove)
    remove.add_argument("landmark", type=key, metavar="ID")
    actions.add("list", "list the site's own places", _list, says=False)
    taken = actions.add("import", "take in a file of places", _import)
    taken.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=f"CSV with a first line name, lat, lon and, if wanted, kind ({', '.join(KINDS)}), "
        "note, id; or GeoJSON points with such properties",
    )
    taken.set_defaults(unsaid=NOT_TAKEN_IN)
    for action in (one, remove):
        action.set_defaults(unsaid=NOT_CHANGED)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Where it is, and what is to be known of it."""
    parser.add_argument("--lat", type=degrees(90), required=True, metavar="DEG", help="59.267")
    parser.add_argument("--lon", type=degrees(180), required=True, metavar="DEG", help="10.408")
    parser.add_argument("--note", type=one_line(MAX_NOTE, 0), default="", metavar="TEXT")


class degrees:  # noqa: N801  # an argparse type
    """WGS 84, with decimals."""

    def __init__(self, most: float) -> None:
        self._most = most

    def __call__(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} is no number of degrees") from None
        if not abs(value) <= self._most:  # nor NaN
            raise argparse.ArgumentTypeError(f"{text}: from -{self._most} to {self._most} degrees")
        return value


def _set(options: argparse.Namespace, guest: Visit, state: State) -> None:
    place = options.landmark or landmark_id(options.name, options.kind)
    if place not in state.landmarks and len(state.landmarks) >= MAX_LANDMARKS:
        raise Refused(f"a site has at most {MAX_LANDMARKS} places; remove one first")
    body = LandmarkDefined(
        landmark=place,
        name=options.name,
        landmark_kind=options.kind,
        lat=options.lat,
        lon=options.lon,
        note=options.note,
    )
    say(options, guest, body, done="set", key=place)


def _remove(options: argparse.Namespace, guest: Visit, state: State) -> None:
    place = state.landmarks.get(options.landmark)
    if place is None:
        raise Refused(f"there is no {options.landmark}; `vaktbord landmark list` shows the ids")
    say(options, guest, LandmarkRemoved(place.key, place.name), done="removed", key=place.key)


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = sorted(state.landmarks.values(), key=lambda p: (p.landmark_kind, p.name, p.key))
    show(options, [msgspec.to_builtins(row) for row in rows], map(_cells, rows))


def _cells(place: Landmark) -> tuple[str, ...]:
    where = f"{place.lat:.5f} {place.lon:.5f}"
    marks = "exercise" if place.exercise else ""
    return place.key, place.landmark_kind, place.name, where, place.note, marks


def _import(options: argparse.Namespace, guest: Visit, state: State) -> None:
    """What is there already, the same, is not said again. A line that is wrong costs itself."""
    try:
        read = read_places(options.file)
    except FileError as error:
        raise Refused(str(error)) from error
    room = MAX_LANDMARKS - len(state.landmarks)
    said, late = 0, 0
    for place in read.places:
        if _is_known(state.landmarks.get(place.landmark), place):
            continue
        if place.landmark not in state.landmarks:
            if room <= 0:
                late += 1
                continue
            room -= 1
        guest.deliver(place)
        said += 1
    wrong = list(read.wrong)
    if late:
        wrong.append(f"{late} more than the {MAX_LANDMARKS} that a site has")
    _tell_import(options, said, len(read.places) - said - late, wrong)


def _is_known(old: Landmark | None, new: LandmarkDefined) -> bool:
    return old is not None and (
        (old.name, old.landmark_kind, old.lat, old.lon, old.note)
        == (new.name, new.landmark_kind, new.lat, new.lon, new.note)
    )


def _tell_import(options: argparse.Namespace, said: int, unchanged: int, wrong: list[str]) -> None:
    for line in wrong[:MAX_TOLD]:
        print(f"vaktbord landmark: {options.file.name}, {line}", file=sys.stderr)
    if len(wrong) > MAX_TOLD:
        print(f"vaktbord landmark: and {len(wrong) - MAX_TOLD} more", file=sys.stderr)
    if options.json:
        print_json({"set": said, "unchanged": unchanged, "left_out": len(wrong)})
    else:
        print(f"{said} places set, {unchanged} were there already; the site has them.")
    if wrong:
        raise Refused(f"{len(wrong)} lines were left out: put them right and take it in again")
