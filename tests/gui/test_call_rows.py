"""A call between two has no tile at any desk, and a line in every log."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.domain import events as e
from console.models.log import LogModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.streams.announcement import Announcement
from tests.gui.model_bench import Author


def announced(talkgroup: str) -> Announcement:
    return Announcement(
        stream=f"{talkgroup}@there.local", talkgroup=talkgroup, name=talkgroup, host="there.local",
        port=5004, payload_type=111, encoding="opus", clock_rate=48_000, channels=2,
        group="239.78.1.1", srtp="AEAD_AES_256_GCM", kid="1",
    )  # fmt: skip


def test_a_call_is_no_tile_whenever_the_site_tells_of_it(qtbot: QtBot) -> None:
    store, author = SiteStore(), Author()
    tiles = TalkgroupModel(store, settings={}, order=(), unheard=lambda _stream: "")
    tiles.announced([announced("lv1"), announced("I-1")], [])
    assert len(tiles.keys()) == 2, "announced before the site has told"
    store.apply([author(e.CallOffered("I-1", "lv1", "lv2")), author(e.CallAnswered("I-1"))])
    assert tiles.keys() == ("lv1@there.local",)
    tiles.announced([announced("I-1")], [])
    spec = msgspec.structs.replace(announced("I-2").to_spec(None), keep=False)
    left = p.StreamFigures(spec.stream, 0, spec, p.SetMix(spec.stream), True, True)
    tiles.adopt([left])  # of a desk that died in a call
    assert tiles.keys() == ("lv1@there.local",)
    tiles.engine_said(p.Talking("I-1@there.local", 7, on=True, secured=True))
    store.apply([author(e.CallEnded("I-1", "hung-up"))])
    assert "I-1@there.local" not in tiles._heard.streams(), "nothing of it is left"
    assert tiles.settings()[1] == ("lv1@there.local",), "nor remembered"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("hung-up", "Ended the call of AMB 1-1 to lv2"),
        ("no-answer", "No answer: the call of AMB 1-1 to lv2"),
        ("lost", "Lost: the call of AMB 1-1 to lv2"),
        ("busy", "Busy: the call of AMB 1-1 to lv2"),
    ],
)
def test_who_called_whom_and_how_it_ended_stands_in_the_log(
    qtbot: QtBot, reason: e.CallReason, words: str
) -> None:
    store, author = SiteStore(), Author()
    log = LogModel(store)
    store.apply([author(e.UnitDefined("a11", "AMB 1-1", "ambulance"))])
    store.apply([author(e.CallOffered("I-1", "a11", "lv2"))])
    store.apply([author(e.CallEnded("I-1", reason))])
    assert [row.text for row in log.rows()] == ["Called lv2", words]
    assert log.rows()[0].who == "AMB 1-1", "not the gateway that told of it"
    store.apply([author(e.CallEnded("I-9", "lost"))])
    assert log.rows()[-1].text == "Ended a call", "of which nothing is known any more"
