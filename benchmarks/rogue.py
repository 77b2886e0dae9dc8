"""bench rogue: what a host without a certificate costs the voice of a desk on the same LAN.

Three hosts in network namespaces (root): a desk with its site, a station that speaks on secured
groups without a pause, and a rogue. Phases of equal length, each attack between two quiet ones,
which are the control: forged and replayed voice (20,000 packets/s), half-open connections to the
site (900), mDNS names (45,000/s), and all at once. Counted are voice frames that the desk's engine
had to make up for, and whether an enrolled position can still come in. The rogue shares this
machine's processor with its victim, which no rogue on a real LAN does.
"""

from __future__ import annotations

import base64
import contextlib
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from audio import protocol
from audio.client import EngineClient, EngineError

if TYPE_CHECKING:
    from tests.netlab import Host

NAME: Final = "rogue"
GROUPS: Final = 8
FORGED_PER_S: Final = 20_000
HALF_OPEN: Final = 900
NAMES_PER_S: Final = 45_000
MOST_LOST: Final = 0.01  # of the voice frames, beyond the control's
START_S: Final = 40.0
ENTRIES: Final = 3  # an enrolled position comes in so many times a phase
ROOT: Final = Path(__file__).resolve().parent.parent
VOICE: Final = ROOT / "resources" / "voices" / "a11-kols-status.opus"
ATTACKS: Final = ("voice", "connections", "names")
PROFILE: Final = "AES_CM_128_HMAC_SHA1_80"


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError where there are no network namespaces."""
    try:
        from tests import netlab
    except ImportError as error:
        raise RuntimeError("the test network (tests/) is not part of an installation") from error
    missing = netlab.missing()
    if missing:
        raise RuntimeError(missing)
    seconds = 4.0 if quick else 15.0
    with netlab.lan(3) as hosts, tempfile.TemporaryDirectory(prefix="vb-rogue-") as folder:
        return _phases(_Lab(hosts, Path(folder)), seconds)


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{GROUPS} secured groups speak; {result['seconds']:.0f} s a phase",
        f"{'':34}{'frames':>8}{'made up':>9}{'%':>7}{'refused':>10}{'came in':>9}{'s each':>8}",
    ]
    for row in result["phases"]:
        lines.append(
            f"{row['name']:34}{row['frames']:8}{row['made_up']:9}{row['share'] * 100:7.2f}"
            f"{row['refused']:10}{row['entries']:>6}/{ENTRIES}{row['entry_s']:8.2f}"
        )
    quiet = max(row["share"] for row in result["phases"] if row["name"] == "quiet")
    for row in result["phases"]:
        if row["name"] != "quiet":
            more = (row["share"] - quiet) * 100
            lines.append(
                f"{row['name']}: {more:+.2f} % of the frames beside the worst quiet phase "
                f"(goal: at most {MOST_LOST:.0%})"
            )
    lines.append(f"The desk's process grew by {result['desk_grew_kib']} KiB.")
    return "\n".join(lines)


def _phases(lab: _Lab, seconds: float) -> dict[str, Any]:
    with lab.running():
        before_kib = lab.desk_kib()
        rows = [lab.phase("quiet", (), seconds)]
        for attack in (*((one,) for one in ATTACKS), ATTACKS):
            title = "all at once" if len(attack) > 1 else attack[0]
            rows.append(lab.phase(title, attack, seconds))
            rows.append(lab.phase("quiet", (), seconds))
        return {
            "seconds": seconds,
            "phases": rows,
            "desk_grew_kib": lab.desk_kib() - before_kib,
        }


class _Lab:
    def __init__(self, hosts: list[Host], folder: Path) -> None:
        self._desk, self._station, self._rogue = hosts
        self._folder = folder
        self._keys = folder / "keys.toml"
        self._home = folder / "desk"
        self._started = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self._write_keys()
        self._vaktbord(self._desk, self._home, "site")
        self._until((self._home / "site" / "site.json").exists, "the site")
        process = self._vaktbord(
            self._desk, self._home, "desk", "--offscreen", "--device", "null", "--linger", "5",
            "--srtp-keys", str(self._keys),
        )  # fmt: skip
        for number in range(GROUPS):
            self._vaktbord(
                self._station, self._folder / "station", "publish", "--loop", "--talkgroup",
                f"lab{number}", "--srtp-keys", str(self._keys), str(VOICE),
            )  # fmt: skip
        shutil.copytree(
            self._home / "site" / "local" / "trainer", self._folder / "guest/identity/operator"
        )
        self._pid = process.pid
        self._heard: dict[str, protocol.StreamFigures] = {}
        self._client = EngineClient(
            self._home, role="tool", on_event=self._take, on_lost=lambda _why: None
        )
        self._until(self._is_engine_there, "the engine")
        self._until(self._hears_all, f"{GROUPS} secured groups")
        time.sleep(2.0)
        try:
            yield
        finally:
            self._client.close()

    def _is_engine_there(self) -> bool:
        try:
            self._client.connect()
        except EngineError:
            return False
        return True

    def _hears_all(self) -> bool:
        self._client.send(protocol.GetStatus())
        return sum(one.present and one.packets > 0 for one in self._heard.values()) >= GROUPS

    def _take(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Status):
            self._heard = {one.stream: one for one in event.streams}

    def phase(self, name: str, attacks: tuple[str, ...], seconds: float) -> dict[str, Any]:
        begun = [
            self._rogue.start(
                sys.executable, "-m", "benchmarks.rogue_attacks", one, self._desk.address,
                str(self._site_port()), self._rogue.address, env={"PYTHONPATH": str(ROOT)},
            )
            for one in attacks
        ]  # fmt: skip
        time.sleep(1.0 if attacks else 0.2)
        first = self._figures()
        started_s = time.monotonic()
        entered = [self._enter() for _ in range(ENTRIES)]
        time.sleep(max(0.0, seconds - (time.monotonic() - started_s)))
        last = self._figures()
        for process in begun:
            process.terminate()
            process.wait(5)
        came_in = [taken_s for taken_s in entered if taken_s is not None]
        packets, made_up, refused = (b - a for a, b in zip(first, last, strict=True))
        return {
            "name": name,
            "frames": packets,
            "made_up": made_up,
            "share": made_up / max(1, packets + made_up),
            "refused": refused,
            "entries": len(came_in),
            "entry_s": sum(came_in) / max(1, len(came_in)),
        }

    def _figures(self) -> tuple[int, int, int]:
        """Voice packets heard, frames made up for, packets refused: of all groups."""
        self._client.send(protocol.GetStatus())
        time.sleep(0.3)
        rows = list(self._heard.values())
        return (
            sum(one.packets for one in rows),
            sum(one.lost + one.late for one in rows),
            sum(one.refused for one in rows),
        )

    def _enter(self) -> float | None:
        """Seconds that an enrolled position took to come in and read all, None = it could not."""
        started_s = time.monotonic()
        home = self._folder / "guest"
        place = (self._home / "site" / "site.json").read_text()
        (home / "identity/operator/site.json").write_text(_place_for(place, self._desk.address))
        done = self._station.run(*_line(home, self._station.address, "state", "--json"))
        return time.monotonic() - started_s if done.returncode == 0 else None

    def _site_port(self) -> int:
        return int((self._home / "site" / "port").read_text())

    def desk_kib(self) -> int:
        """Resident memory of the desk's own process (the shell of the namespace runs in it)."""
        text = Path(f"/proc/{self._pid}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0])

    def _vaktbord(self, host: Host, home: Path, *words: str) -> subprocess.Popen[bytes]:
        self._started += 1
        log = self._folder / f"{words[0]}-{self._started}.log"
        return host.start(
            *_line(home, host.address, *words), log=log, env={"PYTHONPATH": str(ROOT)}
        )

    def _write_keys(self) -> None:
        entries = [
            f'[[key]]\nkid = "{number}"\ntalkgroup = "lab{number}"\nprofile = "{PROFILE}"\n'
            f'key = "{base64.b64encode(secrets.token_bytes(30)).decode()}"\n'
            for number in range(GROUPS)
        ]
        self._keys.touch(mode=0o600)
        self._keys.write_text("\n".join(entries))

    def _until(self, condition: Any, what: str) -> None:
        deadline_s = time.monotonic() + START_S
        while not condition():
            if time.monotonic() > deadline_s:
                logs = "\n".join(log.read_text()[-300:] for log in self._folder.glob("*.log"))
                raise RuntimeError(f"not within {START_S:.0f} s: {what}\n{logs}")
            time.sleep(0.2)


def _line(home: Path, interface: str, *words: str) -> list[str]:
    common = ["--home", str(home), "--interface", interface]
    return [sys.executable, "-m", "console.cli", words[0], *common, *words[1:]]


def _place_for(site_file: str, address: str) -> str:
    """The site's place as it is from another host."""
    import msgspec

    from console.site.address import SitePlace
    from console.site.node.process import SiteFile

    known = msgspec.json.decode(site_file, type=SiteFile)
    port = known.place.url.rpartition(":")[2]
    place = SitePlace((f"tls://{address}:{port}",), known.place.name, known.place.site)
    return msgspec.json.encode(place).decode()
