"""Places that are marked on the map: pins of incidents, and the site's own, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

if TYPE_CHECKING:
    from widgets.contracts.sources import Signal

LandmarkKind = Literal[
    "incident",
    "hospital",
    "emergency-reception",
    "nursing-home",
    "heliport",
    "meeting-point",
    "other",
]
"""``incident`` is a pin of a night's; the others are places of the site's own."""
KINDS: Final[tuple[LandmarkKind, ...]] = get_args(LandmarkKind)
KEY_PREFIX: Final = "landmark:"
"""Before a key, where a unit's could be as well."""
MAX_NAME: Final = 64
MAX_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class LandmarkRow:
    """One of them. Degrees WGS 84; ``since_s``: unix seconds at which a pin was first set, of a
    place when it was last changed; ``who`` did that last. ``may_change``: from this desk."""

    key: str
    kind: LandmarkKind
    name: str
    lat: float
    lon: float
    note: str = ""
    who: str = ""
    since_s: float = 0.0
    exercise: bool = False
    may_change: bool = True

    @property
    def is_pin(self) -> bool:
        return self.kind == "incident"


@dataclass(frozen=True, slots=True)
class LandmarkForm:
    """What a hand says of one; an empty ``key``: a new one."""

    kind: LandmarkKind
    name: str
    lat: float
    lon: float
    note: str = ""
    key: str = ""


class LandmarkSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # ()

    def rows(self) -> Sequence[LandmarkRow]:
        """Pins first, the newest of them first; then places by name. Bounded by the site."""
        ...

    def may_mark(self) -> bool:
        """Whether this desk may mark places at its site."""
        ...


class Marking(Protocol):
    """What a hand does to them; it comes back through the source."""

    def set_landmark(self, form: LandmarkForm) -> str:
        """Its key; empty: it could not be kept, not even on disk."""
        ...

    def remove_landmark(self, key: str) -> bool:
        """As above. One that has gone meanwhile is removed already."""
        ...

    def restore_landmark(self, row: LandmarkRow) -> bool:
        """As it was before it was removed or changed."""
        ...
