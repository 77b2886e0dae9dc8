"""Looks at the files that a site proves itself and its members with, and changes none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from console.site.address import SiteError
from console.site.node.papers import JOIN_ANEW, LOCAL, ROUTES, local_folder
from console.site.security import identity
from console.site.security.pki import ENROL_ANEW, Authority
from console.site.services.key_store import SEAL_FILE, Seal


def key_problems(folder: Path) -> tuple[str, ...]:
    """Of the site in ``folder`` (``<home>/site``): a sentence for each that can't be used, with
    what to do. What is not there yet is made when the site starts."""
    return tuple(problem for check in _checks(folder) if (problem := _problem(check)))


def seal_problem(folder: Path) -> str:
    """Of the seal of the voice keys, the one without which a site starts all the same."""
    return _problem(lambda: _check_seal(folder))


def _checks(folder: Path) -> Iterator[Callable[[], object]]:
    yield lambda: Authority.load(folder / "pki", ENROL_ANEW)
    yield lambda: Authority.load(folder / "pki-routes", JOIN_ANEW)
    yield lambda: _check_seal(folder)
    own = (folder / name for name in ("node", "system", "server", ROUTES))
    for one in (*own, *(local_folder(folder, role) for role in LOCAL)):
        if identity.is_there(one):
            yield lambda one=one: identity.check(one)  # type: ignore[misc]  # bound now


def _check_seal(folder: Path) -> None:
    if (folder / "pki" / SEAL_FILE).exists():
        Seal.open(folder / "pki")


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except SiteError as error:
        return str(error)
    return ""
