"""What ``vaktbord site`` and the detached site process have in common: options and the log file."""

from __future__ import annotations

import argparse
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import msgspec

from audio.logs import log_to
from console.site.address import SiteError
from console.site.node.process import site_folder
from console.site.services.escalation import DEFAULT_AFTER_S

MAX_NAME_BYTES: Final = 63
EVERYWHERE: Final = "0.0.0.0"


class SiteOptions(msgspec.Struct, frozen=True):
    home: Path
    name: str
    interface: str | None = None
    escalate_s: int = DEFAULT_AFTER_S
    cluster: bool = False
    external: bool = False

    @property
    def host(self) -> str:
        """Everywhere, unless somebody has named an interface: who has no certificate is not let
        in. Raises SiteError."""
        if self.interface is None:
            return EVERYWHERE
        try:
            return str(ip_address(self.interface))
        except ValueError:
            raise SiteError(f"{self.interface} is not an IP address") from None


def words_of(options: SiteOptions) -> tuple[str, ...]:
    """Of the detached process, to be started as this one was."""
    words = ["--name", options.name, "--escalate-after", str(options.escalate_s)]
    words += ["--interface", options.interface] if options.interface else []
    words += ["--cluster"] if options.cluster else []
    words += ["--external"] if options.external else []
    return tuple(words)


def default_name() -> str:
    """This machine's name, as a DNS label allows it."""
    name = f"Vaktbord {socket.gethostname()}"
    return name.encode()[:MAX_NAME_BYTES].decode(errors="ignore")


def add_site_options(parser: argparse.ArgumentParser) -> None:
    """What ``vaktbord site`` and the detached process have in common."""
    parser.add_argument("--name", type=_name, help="what the site is called on the network")
    parser.add_argument(
        "--escalate-after",
        type=int,
        default=DEFAULT_AFTER_S,
        metavar="S",
        help="seconds until an unacknowledged alarm escalates (default: %(default)s)",
    )

    parser.add_argument(
        "--cluster",
        action="store_true",
        help="let other machines hold the log too: with three nodes each event lies on three disks",
    )
    parser.add_argument(
        "--external",
        action="store_true",
        help="somebody else starts nats-server, with the configuration written here",
    )


def kept_name(home: Path) -> str:
    """Of the site that this home is, or has joined as a node."""
    try:
        return (site_folder(home) / "name").read_text(encoding="utf-8")[:MAX_NAME_BYTES].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def site_options(options: argparse.Namespace) -> SiteOptions:
    return SiteOptions(
        home=options.home,
        name=options.name or kept_name(options.home) or default_name(),
        interface=options.interface,
        escalate_s=max(1, options.escalate_after),
        cluster=options.cluster,
        external=options.external,
    )


def log_to_file(home: Path, level: str) -> None:
    log_to(site_folder(home) / "site.log", level)


def _name(text: str) -> str:
    """What DNS-SD takes as an instance name (RFC 6763 section 4.1.1)."""
    if not 0 < len(text.encode()) <= MAX_NAME_BYTES or not text.isprintable():
        raise argparse.ArgumentTypeError(f"1 to {MAX_NAME_BYTES} bytes, no control characters")
    return text
