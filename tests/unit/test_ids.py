"""What ids are made of: nothing that would end a line of the protocol they go into."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from console.domain.events import Id
from console.domain.events.alarms import BurstId
from console.domain.events.audit import KindTag
from console.domain.events.base import Issi, Phone, Ulid
from console.domain.floor_state import PressId
from console.domain.voice_keys import Kid


@pytest.mark.parametrize(
    ("form", "good"),
    [
        (Id, "amb-1_A"), (BurstId, "1795723200000-0123abcd"), (KindTag, "pin-set"),
        (Issi, "2400001"), (Phone, "+47 22 33 44 55"), (Ulid, "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        (PressId, "press-01"), (Kid, "k1"),
    ],
)  # fmt: skip
def test_no_line_ends_in_an_id(form: Any, good: str) -> None:
    assert msgspec.convert(good, form) == good
    for wrong in (f"{good}\n", f"\n{good}", f"{good}\r\n", f"{good}\n{good}"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, form)
