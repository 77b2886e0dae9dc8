"""``vaktbord places``: import Kartverket's names and addresses, list what is there, search it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from console.commands.options import without_defaults
from console.oswords import os_words

NOTHING, FAILED = 3, 1


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command, its own commands and their options."""
    text = "import Kartverket's place names and addresses, list and search them"
    parser = subparsers.add_parser(
        "places", parents=[common], help=text, description=f"{text[0].upper()}{text[1:]}."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    common = without_defaults(common)
    one = actions.add_parser(
        "import",
        parents=[common],
        help="read files of names and addresses, zipped or not",
        description="Read Kartverket's files (Geonorge: «Stedsnavn» as GML, GeoJSON or CSV, "
        "«Matrikkelen - Adresse» as CSV), zipped or not. What is there of the municipalities that "
        "they name is replaced, the rest stays. A desk that runs has them with its next search.",
    )
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument(
        "--fresh", action="store_true", help="let go what is there of other municipalities"
    )
    one.add_argument(
        "--force", action="store_true",
        help="take also a file that ends in the midst of a row, or has less than half of what is "
        "there of a municipality",
    )  # fmt: skip
    one.set_defaults(func=run_import)
    one = actions.add_parser("list", parents=[common], help="what has been imported")
    one.add_argument("--json", action="store_true", help="print one JSON document")
    one.set_defaults(func=run_list)
    one = actions.add_parser("search", parents=[common], help="find a place as the desk does")
    one.add_argument("words", nargs="+", metavar="WORD")
    one.add_argument(
        "--near", default="60.5,9.5", metavar="LAT,LON", help="what is near stands first"
    )
    one.add_argument("--json", action="store_true", help="print one JSON document")
    one.set_defaults(func=run_search)
    one = actions.add_parser("remove", parents=[common], help="take all that was imported away")
    one.set_defaults(func=run_remove)


def run_import(options: argparse.Namespace) -> int:
    """0 imported, 1 nothing was changed."""
    from console.places import register  # noqa: PLC0415  # numpy
    from console.places.rows import PlacesError, SuspectError  # noqa: PLC0415

    try:
        done = register.import_files(
            options.home, options.files, is_fresh=options.fresh, is_forced=options.force, tell=_tell
        )
    except (PlacesError, OSError) as error:
        words = os_words(error) if isinstance(error, OSError) else str(error)
        if isinstance(error, SuspectError):
            words += ", or take it all the same with --force"
        print(f"vaktbord places: {words}.", file=sys.stderr)
        print("Nothing has been changed.", file=sys.stderr)
        return FAILED
    tally = done.tally
    print(f"Imported {tally.names} names and {tally.addresses} addresses in {done.took_s:.0f} s.")
    if done.kept_names or done.kept_addresses:
        print(
            f"Kept from before, of other municipalities: {done.kept_names} names, "
            f"{done.kept_addresses} addresses."
        )
    for why, (count, example) in tally.bad.items():
        some = f", for example {example!r}" if example else ""
        print(f"Left out, {count}: {why}{some}")
    return 0


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def run_list(options: argparse.Namespace) -> int:
    """0, also when nothing has been imported; 1 when some of it is damaged."""
    from console.places import register  # noqa: PLC0415  # numpy

    found = register.opened(options.home)
    rows: dict[str, Any] = {
        part: {
            "count": index.meta.get("count", len(index)),
            "municipalities": len({code for code, *_ in index.areas if code}),
            "imported": index.meta.get("made_s", 0),
            "files": index.meta.get("sources", []),
        }
        for part, index in found.parts.items()
    }
    damaged = {part: {"damaged": words} for part, words in found.damaged.items()}
    if options.json:
        print(json.dumps(rows | damaged, indent=2, ensure_ascii=False))
    else:
        for part, row in rows.items():
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["imported"]))
            print(
                f"{part}: {row['count']} of {row['municipalities']} municipalities, "
                f"imported {when} from {', '.join(row['files'])}"
            )
        if not rows and not damaged:
            print(
                "Nothing has been imported: towns, villages and municipalities alone are known. "
                "See docs/PLACES.md."
            )
    _tell_damage(found.damaged)
    return FAILED if damaged else 0


def _tell_damage(damaged: Mapping[str, str]) -> None:
    for words in damaged.values():
        print(f"vaktbord places: {words}.", file=sys.stderr)


DOUBTS: Final[Mapping[str, str]] = {
    "outside": "These coordinates lie outside the map: look at the figures.",
    "order": "It can't be told which is north and which is east: write N and E beside them.",
    "minutes": "Minutes and seconds go from 0 to 59.",
    "band": "The zone or its letter does not fit these figures.",
    "zone": "UTM is written with its zone, 28 to 37 here (X: odd ones): 32 580000 6570000.",
    "no-zone": "The UTM zone is missing. Write it first: 32 in the south, 33 in Nordland and Troms "
    "and on maps of all Norway, 35 in Finnmark.",
    "digits": "MGRS needs as many figures for east as for north.",
    "hemisphere": "S is the southern half of the Earth.",
}


def run_search(options: argparse.Namespace) -> int:
    """0, 2 for a --near that is no point, 3 when nothing is found."""
    from console.places.coordinates import Point, read, write  # noqa: PLC0415  # numpy
    from console.places.index import Near  # noqa: PLC0415
    from console.places.searching import Places  # noqa: PLC0415

    near = read(options.near)
    if not isinstance(near, Point):
        words = f"--near {options.near!r} is no point: write it as 59.91,10.75, north first"
        print(f"vaktbord places: {words}", file=sys.stderr)
        return 2
    places = Places(options.home)
    answer = places.search(" ".join(options.words), Near(near.lat, near.lon))
    _tell_damage(places.damaged)
    if options.json:
        rows = [
            {"name": row.name, "kind": row.kind, "lat": row.lat, "lon": row.lon,
             "municipality": row.municipality, "km": round(row.km, 1), "known_as": row.known_as,
             "lacking": row.lacking, "beside": row.beside}
            for row in answer.rows
        ]  # fmt: skip
        print(json.dumps({"rows": rows, "doubt": answer.doubt}, indent=2, ensure_ascii=False))
    else:
        for row in answer.rows:
            more = [row.kind, row.municipality, row.beside and f"near {row.beside}",
                    row.known_as and f"also {row.known_as}",
                    row.lacking and f"no. {row.lacking} is not known there"]  # fmt: skip
            words = ", ".join(one for one in more if one)
            print(f"{row.name} ({words}), {row.km:.0f} km: {write(row.lat, row.lon).degrees}")
        if answer.doubt:
            print(DOUBTS[answer.doubt], file=sys.stderr)
        elif not answer.rows:
            print("Nothing is found. `vaktbord places list` tells what is known.", file=sys.stderr)
    return 0 if answer.rows else NOTHING


def run_remove(options: argparse.Namespace) -> int:
    """0, 3 when there was nothing."""
    from console.places import register  # noqa: PLC0415  # numpy
    from console.places.rows import PlacesError  # noqa: PLC0415

    try:
        had_any = register.remove(options.home)
    except PlacesError as error:
        print(f"vaktbord places: {error}", file=sys.stderr)
        return FAILED
    print("Taken away." if had_any else "Nothing had been imported.")
    return 0 if had_any else NOTHING
