"""``python -m console.site``: be a site until told to end."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from console.site.address import SiteError
from console.site.node.options import SiteOptions, add_site_options, log_to_file, site_options
from console.site.node.process import site_folder
from console.site.node.service import AlreadyRunning, SiteService, write_failure

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    options = parser().parse_args(argv)
    if options.detach and not _leave_parent():
        return 0
    log_to_file(options.home, options.log_level)
    try:
        return serve(site_options(options))
    except SiteError as error:
        write_failure(options.home, str(error))
        return 1
    except Exception:
        log.exception("the site ended with an error")
        write_failure(options.home, f"the site failed; see {site_folder(options.home)}/site.log")
        raise


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m console.site")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--interface")
    parser.add_argument("--log-level", default="info")
    parser.add_argument("--detach", action="store_true")
    add_site_options(parser)
    return parser


def serve(options: SiteOptions) -> int:
    """Run until SIGTERM or SIGINT. Raises SiteError when it can't start."""
    service = SiteService(options)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop.set())
    try:
        service.start()
    except AlreadyRunning:
        return 0
    try:
        service.run()
    finally:
        service.close()
    return 0


def _leave_parent() -> bool:
    """True in the process that goes on as the site, in a session of its own."""
    if not hasattr(os, "fork"):
        return True
    if os.fork():
        return False
    os.setsid()
    return True


if __name__ == "__main__":
    sys.exit(main())
