"""A key while another client has the focus: a real X server, pressed from beside by XTEST."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from console.pedals.global_key import ANY, ListenerKeys, XKeys, x_display
from console.pedals.messages import Control, Learned, Moved, Standing, Told, Wish
from console.pedals.reader import Reader
from console.pedals.source import Lost, Opened, Pressed
from tests.pedals.lab import Reading
from tests.x_server import x_server

Xlib = pytest.importorskip("Xlib.display")

PAUSE = 0xFF13
PAUSE_CONTROL = Control(ANY, "xff13")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with x_server("640x480") as name:
        if not name:
            pytest.skip("no Xvfb")
        yield name


class Hand:
    """Another client, which has the focus and presses."""

    def __init__(self, name: str) -> None:
        from Xlib import X  # noqa: PLC0415

        self._x = X
        self._display = Xlib.Display(name)
        root = self._display.screen().root
        self._window = root.create_window(0, 0, 100, 100, 0, X.CopyFromParent)
        self._window.map()
        self._display.sync()
        self._window.set_input_focus(X.RevertToNone, X.CurrentTime)
        self._display.sync()

    def move(self, sym: int, *, down: bool) -> None:
        from Xlib.ext import xtest  # noqa: PLC0415

        code = self._display.keysym_to_keycode(sym)
        kind = self._x.KeyPress if down else self._x.KeyRelease
        xtest.fake_input(self._display, kind, code)
        self._display.sync()

    def close(self) -> None:
        self._display.close()


@pytest.fixture
def hand(display: str) -> Iterator[Hand]:
    made = Hand(display)
    yield made
    made.close()


@contextlib.contextmanager
def reading(display: str) -> Iterator[Reading]:
    said: list[Told] = []
    reader = Reader(lambda sink: [XKeys(sink, display)], said.append)
    try:
        yield Reading(reader, said)
    finally:
        reader.close()


def test_a_key_is_seen_though_another_client_has_the_focus(display: str, hand: Hand) -> None:
    with reading(display) as reader:
        reader.watch(PAUSE_CONTROL)
        reader.quiet(0.3)
        hand.move(PAUSE, down=True)
        reader.until(Moved, down=True)
        assert reader.quiet(1.0) == [], "however often the server repeats it"
        hand.move(ord("a"), down=True)
        hand.move(ord("a"), down=False)
        hand.move(PAUSE, down=False)
        [up] = reader.quiet(0.3)
        assert isinstance(up, Moved)
        assert (up.control, up.down) == (PAUSE_CONTROL, False)


def test_it_is_learned_and_letters_are_not(display: str, hand: Hand) -> None:
    with reading(display) as reader:
        reader.learn()
        reader.quiet(0.3)
        for sym, label, refusal in ((PAUSE, "Pause", ""), (ord("b"), "62", "typed")):
            hand.move(sym, down=True)
            hand.move(sym, down=False)
            told = reader.until(Learned)
            assert isinstance(told, Learned)
            assert (told.label, told.refusal) == (label, refusal)


def test_one_that_is_held_when_it_begins_is_no_press(display: str, hand: Hand) -> None:
    hand.move(PAUSE, down=True)
    with reading(display) as reader:
        reader.reader.wish(Wish((PAUSE_CONTROL,)))
        reader.until(Standing, stand="held")
        hand.move(PAUSE, down=False)  # it is looked at and listened to from the same moment on
        reader.until(Standing, stand="ready")
        hand.move(PAUSE, down=True)
        reader.until(Moved, down=True)
        hand.move(PAUSE, down=False)


# Xlib leaves its sockets to the garbage collector when nobody answers.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_a_display_it_is_absent_and_nothing_fails() -> None:
    with reading(":9876") as reader:
        reader.reader.wish(Wish((PAUSE_CONTROL,)))
        reader.until(Standing, stand="absent")


def test_wayland_shows_nobody_else_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":1")
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    assert x_display() == ":1"
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    assert x_display() == ""


class Listener:
    """As pynput.keyboard.Listener is called."""

    made: list[Any] = []  # noqa: RUF012

    def __init__(self, on_press: Any, on_release: Any) -> None:
        self.on_press, self.on_release = on_press, on_release
        self.alive = False
        Listener.made.append(self)

    def start(self) -> None:
        self.alive = True

    def stop(self) -> None:
        self.alive = False

    def is_alive(self) -> bool:
        return self.alive


def test_windows_and_macos_by_the_listeners_own_calls() -> None:
    told: list[Any] = []
    keys = ListenerKeys(told.append, SimpleNamespace(Listener=Listener))
    wanted = frozenset({ANY})
    assert keys.scan(frozenset(), False)[0].stand == "ready"
    assert not Listener.made, "nobody's keys are listened to"
    keys.scan(wanted, False)
    listener = Listener.made[-1]
    listener.on_press(SimpleNamespace(name="f13"))
    listener.on_press(SimpleNamespace(char="a"))
    listener.on_release(SimpleNamespace(name="f13"))
    pressed = [(one.control, one.down) for one in told if isinstance(one, Pressed)]
    assert pressed == [("pf13", True), ("pf13", False)]
    assert keys.describe(ANY, "pf13") == ("F13", "")
    assert keys.describe(ANY, "pspace") == ("space", "typed")
    assert keys.describe(ANY, "pf5") == ("f5", "typed")
    listener.stop()
    keys.scan(wanted, False)
    assert isinstance(told[-2], Lost)
    assert isinstance(told[-1], Opened)
    keys.close()
    assert not Listener.made[-1].alive
