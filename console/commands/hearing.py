"""The options that decide whether a stream can be heard: keys and unicast ports."""

from __future__ import annotations

import argparse
from pathlib import Path

from console.commands.options import port
from console.streams.keys import StreamKeys, load_keys


def add_hearing_options(parser: argparse.ArgumentParser) -> None:
    """Options that decide whether a stream can be heard."""
    parser.add_argument("--srtp-keys", type=Path, metavar="FILE", help="keys of secured streams")
    parser.add_argument(
        "--unicast-port",
        action="append",
        type=unicast_port,
        default=[],
        metavar="TG=PORT",
        help="the port on which a unicast talkgroup arrives; may be given again",
    )


def unicast_port(text: str) -> tuple[str, int]:
    """An argparse type: ``lv1=5004``."""
    talkgroup, _, number = text.rpartition("=")
    if not talkgroup:
        raise argparse.ArgumentTypeError("give a talkgroup and a port from 1024, e.g. lv1=5004")
    return talkgroup, port(number)


def read_keys(options: argparse.Namespace) -> StreamKeys | None:
    """Raises :class:`KeysError`."""
    return load_keys(options.srtp_keys) if options.srtp_keys is not None else None
