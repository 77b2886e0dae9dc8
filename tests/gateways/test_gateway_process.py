"""``vaktbord gateway`` as it is run: a process of its own, a real site, real sockets and lines."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from console.domain.events import Event, Position, UnitDefined, UnitMoved
from console.gateways.gateway import definition
from console.gateways.site import GatewaySite, program_of
from console.gateways.units import GatewayUnit
from console.site.find import find_site
from console.site.log.outbox import Outgoing
from console.site.log.spool import Spool
from console.site.node.process import find_address
from tests.ports import free_port, free_udp_port
from tests.site.conftest import Ear, ears, elsewhere, wait_for
from tests.site.enrolling import Site, running

from .sentences import cot, gga, rmc, sentence

pytestmark = pytest.mark.system

ROOT: Final = Path(__file__).parents[2]
LAT, LON = 59.417, 10.483
LOOPBACK: Final = "127.0.0.1"
GROUP: Final = "239.2.3.1"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class GatewayProcess:
    """``said`` is what it has printed."""

    def __init__(self, home: Path, *words: str) -> None:
        self._line = [
            *(sys.executable, "-m", "console.cli", "gateway", *words, "--home", str(home)),
            *("--interface", LOOPBACK),
        ]
        self.said: list[str] = []
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._line, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip())

    def wait_said(self, form: str, since: int = 0) -> str:
        def found() -> list[str]:
            return [one for one in self.said[since:] if re.search(form, one)]

        wait_for(found, f"{form} in {self.said}")
        return found()[0]

    def kill(self) -> None:
        self.process.kill()
        self._over()

    def end(self) -> str:
        """By SIGTERM; what it says last."""
        self.process.send_signal(signal.SIGTERM)
        self._over()
        assert self.process.returncode == 0, self.said
        return self.said[-1]

    def _over(self) -> None:
        self.process.wait(20)
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()


Start = Callable[..., GatewayProcess]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


@pytest.fixture(scope="module")
def home(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("gateway")
    site.enrol(home, "gw1", "gateway")
    return home


@pytest.fixture
def ear(site: Site, tmp_path: Path) -> Iterator[Ear]:
    """What a desk hears."""
    with ears(tmp_path / "ear") as make:
        address = find_address(site.home)
        assert address is not None
        one = make(address, f"{address.identity.name}_ear")
        assert one.link.wait_caught_up(20)
        yield one


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    made: list[GatewayProcess] = []

    def begin(*words: str, at: Path = home) -> GatewayProcess:
        made.append(GatewayProcess(at, *words))
        made[-1].wait_said("Listening|vaktbord gateway")
        return made[-1]

    try:
        yield begin
    finally:
        for one in made:
            if one.process.poll() is None:
                one.kill()


def send(port: int, *payloads: bytes, host: str = LOOPBACK, source: str = LOOPBACK) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((source, 0))
        one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        for payload in payloads:
            one.sendto(payload, (host, port))


def moves(ear: Ear, unit: str) -> list[Event]:
    return [e for e in ear.events if isinstance(e.body, UnitMoved) and e.body.unit == unit]


def wait_at(ear: Ear, unit: str, lat: float) -> None:
    def is_there() -> bool:
        known = ear.state.units.get(unit)
        return known is not None and known.position is not None and (
            abs(known.position.lat - lat) < 1e-4
        )  # fmt: skip

    wait_for(is_there, f"{unit} at {lat}")


def mapping(folder: Path, *units: str) -> str:
    path = folder / "units.toml"
    path.write_text("\n".join(f"[[unit]]\n{one}" for one in units), "utf-8")
    return str(path)


def sending(port: int, lat: float, *, source: str = LOOPBACK) -> Callable[[], None]:
    """A receiver that says its place ten times a second, until it is called."""
    ended = threading.Event()

    def speak() -> None:
        while not ended.wait(0.1):
            send(port, gga(lat, LON, now_ms()) + rmc(lat, LON, now_ms()), source=source)

    thread = threading.Thread(target=speak)
    thread.start()

    def end() -> None:
        ended.set()
        thread.join()

    return end


def test_a_receiver_by_udp_is_a_unit_on_the_map(ear: Ear, start: Start, tmp_path: Path) -> None:
    port = free_udp_port()
    units = mapping(
        tmp_path,
        'unit = "amb1"\ncall_sign = "AMB 1-1"\nkind = "ambulance"\naddress = "127.0.0.1"',
    )
    gateway = start("nmea", "--udp", f"{LOOPBACK}:{port}", "--units", units)
    end = sending(port, LAT)
    try:
        wait_at(ear, "amb1", LAT)
        begun, before = time.monotonic(), len(moves(ear, "amb1"))
        time.sleep(3.2)
        told = len(moves(ear, "amb1")) - before
        assert told <= time.monotonic() - begun + 1, "one a second at most"
        assert told >= 2
    finally:
        end()
    send(port, rmc(60.0, LON, now_ms()), source="127.0.0.2")
    send(port, b"$GPRMC,garbage*00\r\n", rmc(LAT, LON, now_ms(), status="V", mode="N"))
    gateway.wait_said(r"127\.0\.0\.2.* is no unit here")
    unit = ear.state.units["amb1"]
    assert (unit.call_sign, unit.unit_kind, unit.exercise) == ("AMB 1-1", "ambulance", False)
    assert unit.position is not None
    assert unit.position.accuracy_m == pytest.approx(6.0)
    assert abs(unit.position.fixed_ms - now_ms()) < 5_000
    last = gateway.end()
    assert "1 of senders that are no unit here" in last
    assert "1 without a fix" in last
    assert re.search(r"[0-9]+ positions sent on \(1 unit\)", last)


def test_killed_and_started_again_it_goes_on(ear: Ear, start: Start) -> None:
    port = free_udp_port()
    words = ("nmea", "--udp", f"{LOOPBACK}:{port}", "--unit", "kill1", "--call-sign", "K 1")
    gateway = start(*words)
    end = sending(port, LAT)
    try:
        for _ in range(3):
            wait_at(ear, "kill1", LAT)
            gateway.kill()
            before = len(moves(ear, "kill1"))
            gateway.start()
            wait_for(lambda before=before: len(moves(ear, "kill1")) > before, "more of it")  # type: ignore[misc]  # a default binds the loop's count
    finally:
        end()
    gateway.end()
    ids = [event.id for event in moves(ear, "kill1")]
    assert ids == sorted(ids)
    assert len({event.seq for event in moves(ear, "kill1")}) == len(ids), "no number twice"
    defined = [e for e in ear.events if isinstance(e.body, UnitDefined) and e.body.unit == "kill1"]
    assert len(defined) == 1, "what it is was said once"


def test_what_an_ended_gateway_could_not_hand_over_is_not_said_again(
    ear: Ear, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended before the site had the unit's definition: the next one knows of it, also while a
    slow disk keeps it from handing it over."""
    unit = GatewayUnit("early1", call_sign="E 1")
    address = find_site(home, interface=LOOPBACK, use="gateway")
    spool = home / "gateway" / "spool"
    author = f"{address.identity.name}_{program_of('early')}"
    with ears(spool) as make:
        nowhere = make(elsewhere(address, "tls://127.0.0.1:1"), author)
        said = nowhere.publish(definition(unit, None))
        wait_for(lambda: nowhere.link.undelivered == 1, "it to be on disk")
    hand_out = Spool.pending

    async def slowly(spool: Spool, limit: int) -> list[Outgoing]:
        await asyncio.sleep(1.0)
        return await hand_out(spool, limit)

    monkeypatch.setattr(Spool, "pending", slowly)
    site = GatewaySite(home, source="early", interface=LOOPBACK, say=print)
    site.start()
    try:
        wait_for(
            lambda: site.tell(unit, definition(unit, None), Position(LAT, LON)), "it to be told"
        )
        wait_for(lambda: moves(ear, "early1"), "the position")
        ear.wait_ids([said])
    finally:
        site.stop()
    defined = [e for e in ear.events if isinstance(e.body, UnitDefined) and e.body.unit == "early1"]
    assert [event.id for event in defined] == [said]


def test_a_second_one_with_the_same_inputs_does_not_begin(start: Start, home: Path) -> None:
    port = str(free_udp_port())
    start("nmea", "--udp", port, "--unit", "one1")
    second = GatewayProcess(home, "nmea", "--udp", port, "--unit", "one1")
    second._over()
    assert second.process.returncode == 1
    assert "running already" in second.said[-1]


class SerialLine:
    """A pseudo-terminal whose other end the test holds, behind a name that stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug()

    def plug(self) -> None:
        self.ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._theirs))

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self.ours)
        os.close(self._theirs)

    def say(self, *lines: bytes) -> None:
        for line in lines:
            for start in range(0, len(line), 7):  # as it comes from a wire
                os.write(self.ours, line[start : start + 7])


def test_a_serial_line_is_read_also_when_it_was_unplugged(
    ear: Ear, start: Start, tmp_path: Path
) -> None:
    line = SerialLine(tmp_path / "ttyGPS")
    words = ("nmea", "--serial", f"{line.path}:9600", "--unit", "ser1", "--kind", "doctor")
    gateway = start(*words)

    def speak(lat: float) -> None:
        line.say(b"\xff\x00noise", rmc(lat, LON, now_ms()), sentence("GPGSV,1,1,00"))

    def is_at(lat: float) -> bool:
        speak(lat)
        time.sleep(0.3)
        unit = ear.state.units.get("ser1")
        at = unit.position if unit is not None else None
        return at is not None and abs(at.lat - lat) < 1e-4

    wait_for(lambda: is_at(LAT), "the first place")
    line.unplug()
    gateway.wait_said("is away")
    line.plug()
    gateway.wait_said("is back")
    wait_for(lambda: is_at(60.5), "the next place")
    assert ear.state.units["ser1"].unit_kind == "doctor"
    line.unplug()
    assert "without a position in them" in gateway.end()


def test_no_such_line_is_waited_for(start: Start, tmp_path: Path) -> None:
    gateway = start("nmea", "--serial", str(tmp_path / "nothing"), "--unit", "ser2")
    gateway.wait_said("is away: .*No such file")
    gateway.end()


def test_cot_by_multicast_unicast_and_protobuf(ear: Ear, start: Start, tmp_path: Path) -> None:
    from .test_cot import message  # noqa: PLC0415

    port, other = free_udp_port(), free_udp_port()
    units = mapping(
        tmp_path,
        'unit = "cot1"\ncall_sign = "C 1"\nuid = "T-1"',
        'unit = "cot2"\ncall_sign = "C 2"\ncallsign = "AMB 1-1"',
    )
    gateway = start(
        "cot", "--udp", f"{GROUP}:{port}", "--udp", f"{LOOPBACK}:{other}", "--units", units
    )
    heli = cot("T-1", LAT, LON, now_ms(), kind="a-f-A-C-H")
    wait_for(lambda: send(port, heli, host=GROUP) or "cot1" in ear.state.units, "the multicast")  # type: ignore[func-returns-value]  # it sends again each time
    at_ms = now_ms()
    times = {"sendTime": at_ms, "startTime": at_ms, "staleTime": at_ms + 60_000}
    send(other, b"\xbf\x01\xbf" + message(uid="T-2", **times))
    wait_at(ear, "cot2", LAT)
    assert ear.state.units["cot1"].unit_kind == "helicopter"
    send(other, cot("T-1", 60.0, LON, now_ms() - 600_000, stale_ms=60_000))
    send(other, cot("T-1", 61.0, LON, now_ms() + 3_600_000))
    send(other, cot("T-1", "NaN", LON, now_ms()), cot("T-1", 59, LON, now_ms(), kind="t-x-c-t"))
    send(other, b"<!DOCTYPE x><event/>", cot("T-77", LAT, LON, now_ms()))
    gateway.wait_said("T-77")
    time.sleep(1.2)
    unit = ear.state.units["cot1"]
    assert unit.position is not None
    assert unit.position.lat == LAT, "nothing malformed, stale, or of the future has moved it"
    last = gateway.end()
    for words in ("1 stale", "1 from the future", "1 with impossible", "1 not readable", "1 of se"):
        assert words in last


def test_cot_by_tcp_comes_back_when_the_server_does(ear: Ear, start: Start) -> None:
    port = free_port()
    gateway = start("cot", "--tcp", f"{LOOPBACK}:{port}", "--unit", "tcp1", "--uid", "T-1")
    gateway.wait_said("is away")
    for number, lat in enumerate((60.1, 60.2)):
        with contextlib.closing(socket.create_server((LOOPBACK, port))) as server:
            server.settimeout(20)
            peer, _ = server.accept()
            with peer:
                said = cot("T-1", lat, LON, now_ms())
                peer.sendall(b"noise</event>" + said[:50])
                time.sleep(0.1)
                peer.sendall(said[50:])
                wait_at(ear, "tcp1", lat)
        gateway.wait_said("is back")
        wait_for(lambda n=number: sum("is away" in s for s in gateway.said) > n + 1, "its loss")  # type: ignore[misc]  # a default binds the loop's number
    gateway.end()


def test_what_another_has_said_of_a_unit_stands(ear: Ear, start: Start) -> None:
    wanted = UnitDefined("own1", "As the desk has it", "doctor", issi="2312345", crew=("Fiktiv",))
    ear.publish(wanted)
    wait_for(lambda: "own1" in ear.state.units, "the desk's word")
    port = free_udp_port()
    gateway = start(
        "nmea", "--udp", str(port), "--unit", "own1", "--call-sign", "X", "--kind", "fire"
    )
    end = sending(port, LAT)
    try:
        wait_at(ear, "own1", LAT)
    finally:
        end()
    unit = ear.state.units["own1"]
    assert (unit.call_sign, unit.issi, unit.crew) == ("As the desk has it", "2312345", ("Fiktiv",))
    gateway.wait_said("that stands")
    gateway.end()


def test_a_home_that_is_no_gateway_is_told_what_to_do(site: Site, tmp_path: Path) -> None:
    gateway = GatewayProcess(
        tmp_path / "none", "nmea", "--udp", str(free_udp_port()), "--unit", "a"
    )
    gateway._over()
    assert gateway.process.returncode == 1
    assert any("--role gateway" in line for line in gateway.said)


def test_the_sites_own_machine_may_be_a_gateway_too(ear: Ear, start: Start, site: Site) -> None:
    site.enrol(site.home, "gw-own", "gateway")
    port = free_udp_port()
    gateway = start("nmea", "--udp", f"{LOOPBACK}:{port}", "--unit", "home1", at=site.home)
    send(port, rmc(LAT, LON, now_ms()))
    wait_at(ear, "home1", LAT)
    assert moves(ear, "home1")[0].author.startswith("gw-own_gw-")
    gateway.end()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nmea",), "say where to listen"),
        (("nmea", "--udp", "10110"), "which sender is which unit"),
        (("cot", "--udp", "6969", "--unit", "a"), "--unit and --uid go together"),
        (("nmea", "--udp", "10110", "--units", "x", "--kind", "fire"), "of --unit"),
        (("nmea", "--udp", "80", "--unit", "a"), "a port from"),
        (("nmea", "--udp", "here:10110", "--unit", "a"), "is wanted"),
        (("nmea", "--serial", "/dev/x:123", "--unit", "a"), "a rate of"),
        (("cot", "--tcp", "8087", "--unit", "a", "--uid", "u"), "HOST:PORT"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    gateway = GatewayProcess(tmp_path / "none", *words)
    gateway._over()
    assert gateway.process.returncode == 2
    assert any(told in line for line in gateway.said)


def test_the_site_away_the_newest_position_goes_on_when_it_is_back(
    start: Start, tmp_path: Path
) -> None:
    """A site of its own, whose server is killed and brought back."""
    from tests.site.conftest import Server  # noqa: PLC0415

    server = Server(tmp_path / "site" / "site")
    server.start()
    try:
        home = tmp_path / "gw"
        address = server.as_member("gw9", "gateway")
        folder = home / "identity" / "gateway"
        folder.parent.mkdir(parents=True, mode=0o700)
        address.identity.folder.rename(folder)
        with ears(tmp_path / "ear") as make:
            ear = make(server.as_member("desk"), "desk")
            ear.wait_up()
            port = free_udp_port()
            gateway = start("nmea", "--udp", str(port), "--unit", "away1", at=home)
            send(port, rmc(LAT, LON, now_ms()))
            wait_at(ear, "away1", LAT)
            server.kill()
            ear.wait_down()
            gateway.wait_said("lost|no answer")
            for lat in (60.1, 60.2, 60.3):
                send(port, rmc(lat, LON, now_ms()))
                time.sleep(0.5)
            server.start()
            wait_at(ear, "away1", 60.3)
            seen = [
                e.body.position.lat for e in moves(ear, "away1") if isinstance(e.body, UnitMoved)
            ]
            assert not {60.1, 60.2} & {round(lat, 1) for lat in seen}, "the newest alone"
            gateway.end()
    finally:
        server.stop()
