"""``vaktbord gateway``: positions of NMEA receivers and Cursor-on-Target senders, until Ctrl-C."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from console.commands.interrupts import ENDINGS, end_by_sigterm
from console.commands.options import key, one_line, port, seconds, whole_number, without_defaults
from console.domain.events import UnitKind
from console.oswords import os_words

if TYPE_CHECKING:
    from console.gateways.inputs import Arrivals, Input
    from console.gateways.units import GatewayUnit

BAUDS: Final = (1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800)
STATUS_S: Final = 60.0

Place = tuple[str, int]


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "gateway",
        parents=[common],
        help="pass on positions of GPS receivers and of Cursor-on-Target senders",
        description="Receive positions from other systems and tell the site where its units are, "
        "at most once a second each, until Ctrl-C. This home has to be enrolled as a gateway. "
        "Whoever is in no mapping is counted, named once, and shown as nobody. See "
        "docs/GATEWAYS.md.",
    )
    kinds = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    shared = without_defaults(common)
    nmea = kinds.add_parser(
        "nmea", parents=[shared], help="NMEA 0183 sentences of GPS receivers, by UDP or serial line"
    )
    nmea.add_argument(
        "--serial", type=serial_line, action="append", default=[], metavar="DEVICE[:BAUD]",
        help="read this device (4,800 baud unless said otherwise); more than once for more",
    )  # fmt: skip
    cot = kinds.add_parser(
        "cot", parents=[shared], help="Cursor-on-Target events, XML or protobuf, by UDP or TCP"
    )
    cot.add_argument(
        "--tcp", type=tcp_place, action="append", default=[], metavar="HOST:PORT",
        help="connect to this server, for ever again when it is away",
    )  # fmt: skip
    cot.add_argument("--uid", type=one_line(128, 1), help="with --unit: the sender's uid")
    for one in (nmea, cot):
        add_shared(one)


def add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--udp", type=udp_place, action="append", default=[], metavar="[ADDR:]PORT",
        help="listen here, more than once for more places; a multicast group is joined (TAK's is "
        "239.2.3.1:6969)",
    )  # fmt: skip
    parser.add_argument(
        "--units", type=Path, metavar="FILE", help="which sender is which unit (TOML)"
    )
    parser.add_argument("--unit", type=key, metavar="ID", help="all that comes is this one unit")
    parser.add_argument("--call-sign", type=one_line(64, 1), metavar="NAME", help="of --unit")
    parser.add_argument("--kind", choices=get_args(UnitKind), metavar="KIND",
                        help=f"of --unit: {', '.join(get_args(UnitKind))}")  # fmt: skip
    parser.add_argument(
        "--status-every", type=seconds, default=STATUS_S, metavar="S",
        help="say how it goes so often (default: %(default)s)",
    )  # fmt: skip
    parser.set_defaults(func=run)


def udp_place(text: str) -> Place:
    """An argparse type: ``[ADDR:]PORT``; every address where none is said."""
    host, colon, number = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if colon else ""
    try:
        ipaddress.ip_address(host or "0.0.0.0")
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text}: [ADDR:]PORT is wanted, as 10110, 127.0.0.1:10110 or [::1]:10110"
        ) from None
    return host, port(number)


def tcp_place(text: str) -> Place:
    """An argparse type: ``HOST:PORT``."""
    host, _, number = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or len(host) > 253 or not host.isprintable():
        raise argparse.ArgumentTypeError(f"{text}: HOST:PORT is wanted, as tak.example:8087")
    return host, whole_number(number, 1, 65_535, "a port")


def serial_line(text: str) -> tuple[str, int]:
    """An argparse type: ``DEVICE[:BAUD]``."""
    device, colon, rate = text.rpartition(":")
    if not colon or not rate.isdecimal():
        device, rate = text, "4800"
    if not device or not rate.isascii() or int(rate[:9]) not in BAUDS:
        raise argparse.ArgumentTypeError(
            f"{text}: DEVICE[:BAUD] is wanted, a rate of {', '.join(map(str, BAUDS))}"
        )
    return device, int(rate)


def run(options: argparse.Namespace) -> int:
    """0 when Ctrl-C or SIGTERM ended it, 1 when it could not begin, 2 for wrong usage."""
    if wrong := usage_of(options):
        print(f"vaktbord gateway {options.form}: {wrong}", file=sys.stderr)
        return 2
    # --help needs none of it
    from audio.logs import logging_to  # noqa: PLC0415
    from console.gateways.site import program_of  # noqa: PLC0415
    from console.gateways.units import MappingError  # noqa: PLC0415
    from console.site.address import SiteError  # noqa: PLC0415
    from console.site.log.outbox import SpoolError  # noqa: PLC0415

    options.home = options.home.resolve()
    end_by_sigterm()
    log = options.home / "gateway" / f"{program_of(source_of(options))}.log"
    try:
        with logging_to(log, options.log_level):
            return pass_on(options)
    except KeyboardInterrupt:
        return 0
    except (SiteError, SpoolError, MappingError, OSError) as error:
        print(f"vaktbord gateway {options.form}: {in_words(error)}", file=sys.stderr)
        return 1


def usage_of(options: argparse.Namespace) -> str:
    """What is wrong with what was asked for, "" = nothing."""
    is_nmea = options.form == "nmea"
    if not options.udp and not (options.serial if is_nmea else options.tcp):
        return f"say where to listen: --udp PORT or --{'serial DEVICE' if is_nmea else 'tcp HOST'}"
    if (options.units is None) == (options.unit is None):
        return "say which sender is which unit: --units FILE, or --unit ID for a single sender"
    if options.unit is None and (options.call_sign or options.kind):
        return "--call-sign and --kind are of --unit; in a mapping file they stand with each unit"
    if not is_nmea and (options.unit is None) != (options.uid is None):
        return "--unit and --uid go together: which sender's positions are that unit's"
    return ""


def pass_on(options: argparse.Namespace) -> int:
    """Until Ctrl-C. Raises SiteError, SpoolError, MappingError, OSError."""
    from console.gateways.gateway import CotFeed, Gateway, NmeaFeed  # noqa: PLC0415
    from console.gateways.inputs import Arrivals  # noqa: PLC0415
    from console.gateways.site import GatewaySite, program_of  # noqa: PLC0415
    from console.gateways.tally import Tally  # noqa: PLC0415
    from console.gateways.units import Units  # noqa: PLC0415
    from console.site.node.lock import FolderLock  # noqa: PLC0415

    source = source_of(options)
    lock = FolderLock(options.home / "gateway" / f"{program_of(source)}.lock")
    if not lock.take():
        raise OSError(None, f"one is running already in {options.home} with these inputs")
    try:
        arrivals, tally = Arrivals(), Tally()
        units = Units(units_of(options))
        feed = (NmeaFeed if options.form == "nmea" else CotFeed)(units, tally, say)
        inputs = inputs_of(options, arrivals, say)
        site = GatewaySite(options.home, source=source, interface=options.interface, say=say)
        say(f"Listening: {', '.join(one.name for one in inputs)}. Ctrl-C ends it.")
        gateway = Gateway(
            feed, inputs, arrivals, site, tally=tally, say=say, status_s=options.status_every
        )
        for number in ENDINGS:  # between two turns, with a status at the end
            signal.signal(number, lambda *_: gateway.ended.set())
        gateway.run()
    finally:
        lock.release()
    return 0


def units_of(options: argparse.Namespace) -> tuple[GatewayUnit, ...]:
    """Raises MappingError."""
    from console.gateways.units import GatewayUnit, read_mapping  # noqa: PLC0415

    if options.units is not None:
        return read_mapping(options.units)
    uid = options.uid if options.form == "cot" else None
    return (GatewayUnit(options.unit, options.call_sign, options.kind, uid=uid),)


def inputs_of(
    options: argparse.Namespace, arrivals: Arrivals, speak: Callable[[str], None]
) -> list[Input]:
    from console.gateways import inputs  # noqa: PLC0415

    anywhere = options.interface or "0.0.0.0"
    made: list[Input] = [
        inputs.UdpInput(host or anywhere, number, options.interface, arrivals, speak)
        for host, number in options.udp
    ]
    if options.form == "nmea":
        made += [inputs.SerialInput(name, baud, arrivals, speak) for name, baud in options.serial]
    else:
        made += [inputs.TcpInput(host, number, arrivals, speak) for host, number in options.tcp]
    return made


def source_of(options: argparse.Namespace) -> str:
    """What tells this gateway from others of the same home, in every run the same."""
    places = [*options.udp, *(options.serial if options.form == "nmea" else options.tcp)]
    return " ".join([options.form, *(f"{where}:{number}" for where, number in sorted(places))])


def in_words(error: Exception) -> str:
    return os_words(error) if isinstance(error, OSError) else str(error)


def say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)
