"""Logs: one JSON document a line, bounded, for their owner alone, and quoting nobody."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audio import logs
from audio.logs import JsonLines, Repeats, error_as_dict, logging_to
from console.site.log.wire import EventError, decode

SECRET = "Kari brystsmerter (fiktiv)"
log = logging.getLogger("console.test")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_line_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "new" / "one.log"
    with logging_to(path, "info"):
        log.info("%d events\nin two lines", 3, extra={"fields": {"skipped": 2, "who": object()}})
        log.debug("too fine")
    [line] = lines(path)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info", "logger": "console.test", "thread": "MainThread",
        "message": "3 events\nin two lines", "fields": {"skipped": 2, "who": "object"},
    }  # fmt: skip
    log.warning("after the end")
    assert len(lines(path)) == 1


def test_an_error_is_its_kind_and_place_not_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "one.log"
    with logging_to(path, "info"):
        try:
            try:
                json.loads("{}")[SECRET]
            except KeyError as error:
                raise ValueError(SECRET) from error
        except ValueError:
            log.exception("it failed")
    text = path.read_text("utf-8")
    assert SECRET not in text
    [line] = lines(path)
    assert line["error"]["kind"] == "ValueError"
    assert line["error"]["cause"]["kind"] == "KeyError"
    assert line["error"]["where"][0].startswith("test_logs.py:")


def test_the_systems_own_words_stand_but_no_files_name() -> None:
    told = error_as_dict(OSError(28, "No space left on device", f"/home/{SECRET}"))
    assert told["says"] == "No space left on device"
    assert error_as_dict(sqlite3.OperationalError("disk I/O error"))["says"] == "disk I/O error"


def test_what_nobody_caught_is_logged_of_threads_tasks_and_the_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.log"

    def fail(_given: str = "") -> None:
        raise ValueError(SECRET)

    async def lose() -> None:
        asyncio.get_running_loop().call_soon(fail, SECRET)
        await asyncio.sleep(0.01)

    before = threading.excepthook, sys.excepthook
    with logging_to(path, "info"):
        thread = threading.Thread(target=fail, name="sinker")
        thread.start()
        thread.join()
        asyncio.run(lose())
        try:
            fail()
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert [line["message"].partition(" test_")[0] for line in lines(path)] == [
        "thread sinker failed", "Exception in callback", "failed",
    ]  # fmt: skip
    assert SECRET not in path.read_text("utf-8") + capsys.readouterr().err
    assert (threading.excepthook, sys.excepthook) == before


def test_foreign_loggers_bring_none_of_what_they_were_given(tmp_path: Path) -> None:
    path = tmp_path / "one.log"
    with logging_to(path, "info"):
        logging.getLogger("nats.aio").warning("lost %s\n%s", SECRET, SECRET)
        logging.getLogger("asyncio").error(f"Task was never awaited\nexception={SECRET}")
    assert [line["message"] for line in lines(path)] == ["lost %s", "Task was never awaited"]


def test_it_is_bounded_and_all_its_files_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 2_000)
    path = tmp_path / "one.log"
    with logging_to(path, "info"):
        monkeypatch.setattr(logs, "MAX_ALIKE", 200)
        for n in range(200):
            log.info("%s %d", "x" * 5_000 if n == 100 else "x", n)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1 + logs.MAX_OLDER
    assert all(oct(file.stat().st_mode & 0o777) == "0o600" for file in files)
    assert all(file.stat().st_size <= 2_000 + logs.MAX_MESSAGE + 200 for file in files)


def test_what_happens_thousands_of_times_takes_the_place_of_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "one.log"
    with logging_to(path, "info"):
        log.info("before")
        for n in range(2_000):
            log.warning("again %d", n)
        log.info("after")
    kept = [f"again {n}" for n in range(logs.MAX_ALIKE)]
    assert [one["message"] for one in lines(path)] == ["before", *kept, "after"]


def test_how_many_lines_were_left_out_stands_in_the_next_one_of_their_kind() -> None:
    repeats, written = Repeats(), JsonLines()

    def said(at_s: float, level: int = logging.WARNING) -> str:
        """Of one place; "" when it is not written."""
        record = logging.LogRecord("console.x", level, __file__, 7, "again", None, None)
        record.created = at_s
        return written.format(record) if repeats.filter(record) else ""

    times = [1_000.0 + n / 100 for n in range(logs.MAX_ALIKE + 500)]
    assert sum(bool(said(at_s)) for at_s in times) == logs.MAX_ALIKE
    assert json.loads(said(1_000.0 + logs.ALIKE_S))["left_out"] == 500
    assert "left_out" not in said(1_001.0 + logs.ALIKE_S)
    assert "left_out" not in said(2_000.0 + logs.ALIKE_S)
    assert said(900.0), "the clock was set back"
    assert all(said(1_000.0, logging.DEBUG) for _ in range(1_000))


@pytest.mark.parametrize("field", ["kind", "urgency", "status", "unit"])
def test_a_refused_event_is_told_without_what_it_said(field: str) -> None:
    body = {"kind": "status-changed", "unit": "u1", "status": "s", "urgency": "red", field: SECRET}
    event = {"id": "0" * 26, "time_ms": 1, "author": "a", "seq": 1, "body": body}
    with pytest.raises(EventError) as refused:
        decode(msgspec.json.encode(event))
    assert "Kari" not in str(refused.value)
    assert "body" in str(refused.value)
