"""A tile server is asked when it was chosen, rarely and politely; whatever it does is survived."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.maps import cache as cache_module
from console.maps import fetching, servers, tile_server
from console.maps.cache import Kept, TileCache, file_of
from console.maps.faults import MapError
from console.maps.fetching import AGENT, CONNECTIONS, Fetcher
from console.maps.tile_server import TileServer
from tests.damage import schema_of_no_text
from tests.maps import makers
from tests.maps.served import Asked, TileHost, own_certificate, serving, wait_until

PNG = b"\x89PNG\r\n\x1a\n" + b"made up"
Open = Callable[..., "Opened"]


class Opened:
    """A server as the map's thread has it."""

    def __init__(self, folder: Path, lines: str, fetcher: Fetcher | None = None) -> None:
        folder.mkdir(exist_ok=True)
        (folder / servers.FILE).write_text(f'[[server]]\nname = "Test"\n{lines}\n')
        self.states: list[tuple[str, int]] = []
        self.told = 0
        self.own = TileServer(folder, "Test", self._state, fetcher)
        self.facts = self.own.open(self._tell)

    def _state(self, fault: MapError | None, failed: int) -> None:
        self.states.append(("" if fault is None else fault.code, failed))

    def _tell(self) -> None:
        self.told += 1

    def now(self, *key: int) -> bytes | str | None:
        try:
            return self.own.tile(*key)
        except BlockingIOError:
            return "later"

    def tile(self, *key: int) -> bytes | None:
        """Waits for it."""
        wait_until(lambda: self.now(*key) != "later", f"tile {key}")
        found = self.now(*key)
        assert not isinstance(found, str)
        return found

    def failure(self) -> str:
        wait_until(lambda: self.states and self.states[-1][0], "a failure")
        return self.states[-1][0]


@pytest.fixture
def open_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(tile_server, "BACK_OFF_S", (0.2, 0.4))
    made: list[Opened] = []

    def make(lines: str, folder: Path = tmp_path, fetcher: Fetcher | None = None) -> Opened:
        made.append(Opened(folder, lines, fetcher))
        return made[-1]

    yield make
    for one in made:
        one.own.close()


def png(_: Asked) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "image/png", "Cache-Control": "max-age=3600"}, PNG


def plain(host: TileHost, more: str = "") -> str:
    return f'address = "{host.root}/{{z}}/{{x}}/{{y}}.png"\n{more}'


def test_nothing_is_asked_before_a_tile_is(open_server: Open) -> None:
    with serving(png) as host:
        opened = open_server(plain(host, 'attribution = "© Fiktiv"'))
        assert opened.facts.attribution == "© Fiktiv" and opened.facts.kind == "raster"
        time.sleep(0.2)
        assert host.asked == []
        assert opened.tile(5, 3, 4) == PNG
        assert host.paths == ["/5/3/4.png"] and opened.told == 1
        assert host.asked[0].headers["User-Agent"] == AGENT


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/{z}/{x}/{-y}.png", "/3/2/6.png"),
        ("/wmts/{TileMatrix}/{TileRow}/{TileCol}.png?key=7", "/wmts/3/1/2.png?key=7"),
    ],
)
def test_addresses_are_filled_in(open_server: Open, address: str, path: str) -> None:
    with serving(png) as host:
        assert open_server(f'address = "{host.root}{address}"').tile(3, 2, 1) == PNG
        assert host.paths == [path]


def test_a_tile_is_asked_for_once_and_kept_when_the_network_is_away(
    open_server: Open, tmp_path: Path
) -> None:
    with serving(png) as host:
        opened = open_server(plain(host))
        lines = plain(host)
        for _ in range(5):
            assert opened.tile(5, 3, 4) == PNG
        assert len(host.asked) == 1
        opened.own.close()
    again = open_server(lines)  # the server has gone
    assert again.now(5, 3, 4) == PNG
    assert again.now(5, 3, 5) == "later"
    assert again.failure() == "unreachable"
    assert again.now(5, 3, 4) == PNG


def test_a_kept_connection_that_is_closed_as_it_is_used_again_is_no_failure(
    open_server: Open,
) -> None:
    """As servers do that keep one for so long and no longer, without a word."""
    used: list[Any] = []

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if any(one is asked.handler for one in used):
            asked.handler.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        used.append(asked.handler)
        return png(asked)

    with serving(answer) as host:
        opened = open_server(plain(host))
        for x in range(6):
            assert opened.tile(5, x, 4) == PNG
        assert len(host.asked) > 6, "it was closed, and asked again"
        assert not opened.states, "and nobody was told of a failure"


def test_a_server_that_closes_a_new_connection_is_not_asked_again_at_once(
    open_server: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_server, "BACK_OFF_S", (60.0, 60.0))

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        asked.handler.connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError

    with serving(answer) as host:
        opened = open_server(plain(host))
        assert opened.now(5, 3, 4) == "later"
        assert opened.failure() == "unreachable"
        assert len(host.asked) == 1


def test_what_has_grown_old_is_asked_about_and_shown_meanwhile(
    open_server: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_server, "LEAST_S", 0.0)

    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if asked.headers.get("If-None-Match") == '"7"':
            return 304, {"Cache-Control": "max-age=3600"}, b""
        since = {"ETag": '"7"', "Last-Modified": "Thu, 26 Nov 2026 10:00:00 GMT"}
        return 200, {**since, "Cache-Control": "max-age=0"}, PNG

    with serving(answer) as host:
        opened = open_server(plain(host))
        assert opened.tile(5, 3, 4) == PNG
        assert opened.now(5, 3, 4) == PNG
        wait_until(lambda: len(host.asked) == 2, "the question whether it is still so")
        assert host.asked[1].headers["If-Modified-Since"].startswith("Thu")
        wait_until(lambda: opened.told == 2, "the answer")
        for _ in range(5):
            assert opened.now(5, 3, 4) == PNG
        assert len(host.asked) == 2


def test_no_more_than_a_few_questions_at_once(open_server: Open) -> None:
    all_asked = threading.Event()

    def slow(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        all_asked.wait(20.0)
        time.sleep(0.02)
        return png(asked)

    with serving(slow) as host:
        opened = open_server(plain(host))
        for x in range(30):
            assert opened.now(6, x, 5) == "later"
        all_asked.set()
        wait_until(lambda: opened.told == 30, "all of them")
        assert host.most_at_once <= CONNECTIONS
        # What was asked for last comes first, but for those that had begun before.
        assert host.paths.index("/6/29/5.png") < 2 * CONNECTIONS  # a few are on their way


def test_more_questions_than_a_screen_has_tiles_are_let_go(open_server: Open) -> None:
    with serving(lambda _: time.sleep(5) or png(_)) as host:  # type: ignore[func-returns-value]
        opened = open_server(plain(host))
        for n in range(3 * tile_server.MAX_WAITING):
            opened.now(12, n, 5)
        assert len(opened.own._wanted) <= tile_server.MAX_WAITING


def status(code: int, **headers: str) -> Callable[[Asked], tuple[int, dict[str, str], bytes]]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (code, given, b"no")


def huge(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "image/png"}, PNG + b"\0" * 5_000_000


BOMB = gzip.compress(PNG + b"\0" * 50_000_000, 9)


def bomb(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "image/png", "Content-Encoding": "gzip"}, BOMB


def login_page(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html"}, b"<!doctype html><p>Log in first"


def cut_short(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    asked.handler.close_connection = True
    return 200, {"Content-Type": "image/png", "Content-Length": "5000"}, PNG


def nonsense(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    asked.handler.wfile.write(b"\0\1\2 what is this\r\n\r\n")
    raise OSError


def dripping(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    asked.handler.send_response(200)
    asked.handler.send_header("Content-Length", "1000")
    asked.handler.end_headers()
    for _ in range(60):
        asked.handler.wfile.write(b"\x89")
        asked.handler.wfile.flush()
        time.sleep(0.05)
    raise OSError


def silent(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    time.sleep(2)
    raise OSError


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status(500), "server"), (status(503), "server"), (status(405), "server"),
        (status(401), "refused"), (status(403), "refused"), (status(429), "refused"),
        (huge, "wrong-type"), (bomb, "wrong-type"), (login_page, "wrong-type"),
        (cut_short, "unreachable"), (nonsense, "unreachable"), (dripping, "unreachable"),
        (silent, "unreachable"), (status(302, Location="/again"), "redirects"),
        (status(302, Location="file:///etc/passwd"), "redirects"),
        (status(302, Location="ftp://127.0.0.1/"), "redirects"),
    ],
)  # fmt: skip
def test_a_failing_server_is_told_of_and_left_alone_for_a_while(
    open_server: Open, answer: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_S", 0.6)
    monkeypatch.setattr(fetching, "WHOLE_S", 0.6)
    monkeypatch.setattr(tile_server, "BACK_OFF_S", (30.0, 30.0))
    with serving(answer) as host:
        opened = open_server(plain(host))
        assert opened.now(5, 3, 4) == "later"
        assert opened.failure() == code
        asked = len(host.asked)
        assert 1 <= asked <= fetching.MAX_REDIRECTS + 1
        for x in range(10):
            assert opened.now(5, x, 4) == "later"
        time.sleep(0.1)
        assert len(host.asked) == asked and opened.own.failed == 1


def test_no_log_tells_what_is_looked_at(
    open_server: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_S", 0.3)
    caplog.set_level("DEBUG")
    answers = (png, status(500), cut_short, nonsense, silent, login_page, status(302, Location="x"))
    for n, answer in enumerate(answers):
        with serving(answer) as host:
            opened = open_server(plain(host))
            opened.now(12, 2_171, 1_190)
            wait_until(lambda o=opened: o.told, f"answer {n}")  # type: ignore[misc]
    assert "2171" not in caplog.text and "can't be used" in caplog.text


def test_it_is_asked_again_by_itself_and_the_failure_is_over(open_server: Open) -> None:
    with serving(status(500)) as host:
        opened = open_server(plain(host))
        opened.now(5, 3, 4)
        assert opened.failure() == "server"
        host.answer = png
        assert opened.tile(5, 3, 4) == PNG
        assert opened.states[-1] == ("", opened.own.failed)


def test_how_long_to_stay_away_is_the_servers_to_say(open_server: Open) -> None:
    with serving(status(429, Retry_After="120")) as host:
        opened = open_server(plain(host))
        opened.now(5, 3, 4)
        assert opened.failure() == "refused"
        assert opened.own._away_until - time.monotonic() == pytest.approx(120, abs=20)
        host.answer = status(503, Retry_After="90")
        opened.own._away_until = 0.0
        opened.now(5, 3, 4)
        wait_until(lambda: opened.own.failed == 2, "the second failure")
        assert opened.own._away_until - time.monotonic() == pytest.approx(90, abs=20)
        host.answer = status(401)
        opened.own._away_until = 0.0
        opened.now(5, 3, 4)
        wait_until(lambda: opened.own.failed == 3, "the third failure")
        assert opened.own._away_until - time.monotonic() == pytest.approx(300, abs=20)


@pytest.mark.parametrize("code", [400, 404])
def test_a_tile_that_is_not_there_is_no_failure_but_none_at_all_is(
    open_server: Open, code: int
) -> None:
    with serving(status(code)) as host:
        opened = open_server(plain(host))
        assert opened.tile(5, 0, 4) is None and opened.tile(5, 0, 4) is None
        assert len(host.asked) == 1 and opened.own.failed == 0
        for x in range(1, tile_server.ALL_MISSING):
            opened.now(5, x, 4)
        assert opened.failure() == "no-tiles"


def test_a_certificate_that_nobody_trusts(open_server: Open, tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path)
    with serving(png, certificate) as host:
        opened = open_server(plain(host))
        opened.now(5, 3, 4)
        assert opened.failure() == "certificate" and host.asked == []


def test_a_certificate_of_ones_own_house(open_server: Open, tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path)
    fetcher = Fetcher(ssl.create_default_context(cafile=str(certificate[0])))
    with serving(png, certificate) as host, serving(png) as open_host:
        opened = open_server(plain(host), fetcher=fetcher)
        assert opened.tile(5, 3, 4) == PNG
        host.answer = status(302, Location=f"{open_host.root}/5/3/5.png")
        opened.now(5, 3, 5)
        assert opened.failure() == "redirects" and open_host.asked == []


@pytest.mark.parametrize("named", ["gzip", "GZIP", "x-gzip"])
def test_vector_tiles_from_a_server(open_server: Open, named: str) -> None:
    raw = makers.vector_tile(makers.tile_at(*makers.TOWN, 10), makers.town())
    packed = gzip.compress(raw)
    kinds = {"Content-Type": "application/x-protobuf"}
    with serving(lambda _: (200, {**kinds, "Content-Encoding": named}, packed)) as host:
        opened = open_server(plain(host, 'kind = "vector"'))
        assert opened.facts.kind == "vector" and opened.tile(5, 3, 4) == raw


# WMTS --------------------------------------------------------------------------------------------

CAPABILITIES = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1">
 <Contents>
  <Layer><ows:Identifier>topo</ows:Identifier>
   <Style isDefault="true"><ows:Identifier>standard</ows:Identifier></Style>
   <TileMatrixSetLink><TileMatrixSet>utm33n</TileMatrixSet></TileMatrixSetLink>
   <TileMatrixSetLink><TileMatrixSet>webmercator</TileMatrixSet></TileMatrixSetLink>
   <ResourceURL format="image/png" resourceType="tile"
     template="{root}/tiles/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"/>
  </Layer>
  <TileMatrixSet><ows:Identifier>utm33n</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:EPSG::25833</ows:SupportedCRS>{matrices}</TileMatrixSet>
  <TileMatrixSet><ows:Identifier>webmercator</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{matrices}</TileMatrixSet>
 </Contents>
</Capabilities>"""


def capabilities(root: str, least: int = 0, most: int = 18) -> bytes:
    matrices = "".join(
        f"<TileMatrix><ows:Identifier>m{z:02d}</ows:Identifier>"
        f"<ScaleDenominator>{559082264.0287178 / 2**z!r}</ScaleDenominator>"
        "<TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner>"
        "<TileWidth>256</TileWidth><TileHeight>256</TileHeight></TileMatrix>"
        for z in range(least, most + 1)
    )
    return CAPABILITIES.format(root=root, matrices=matrices).encode()


def wmts(host: TileHost) -> str:
    return f'capabilities = "{host.root}/caps.xml"\nlayer = "topo"'


def test_a_layer_is_found_by_its_capabilities(open_server: Open) -> None:
    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        return (200, {}, capabilities(host.root)) if "caps" in asked.path else png(asked)

    with serving(answer) as host:
        opened = open_server(wmts(host))
        assert opened.tile(5, 3, 4) == PNG and opened.tile(5, 3, 5) == PNG
        assert host.paths[0] == "/caps.xml"
        assert "/tiles/standard/webmercator/m05/4/3.png" in host.paths
        assert host.paths.count("/caps.xml") == 1


BILLION = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""


@pytest.mark.parametrize(
    "raw",
    [
        BILLION, FILE, b"<html/>", b"", b"\xff\xfe\x00", capabilities("ftp://127.0.0.1"),
        capabilities("http://elsewhere.invalid"), capabilities("").replace(b">topo<", b">other<"),
        capabilities("http://127.0.0.1").replace(b"3857", b"4326"),
        capabilities("http://127.0.0.1").replace(b"-20037508.34 20037508.34", b"0 0"),
        capabilities("http://127.0.0.1").replace(b"<TileWidth>256", b"<TileWidth>512"),
        capabilities("http://127.0.0.1").replace(b"<ScaleDenominator>", b"<ScaleDenominator>nan"),
    ],
)  # fmt: skip
def test_capabilities_that_do_not_fit(open_server: Open, raw: bytes) -> None:
    with serving(lambda _: (200, {}, raw)) as host:
        opened = open_server(wmts(host))
        opened.now(5, 3, 4)
        assert opened.failure() == "capabilities"
        assert set(host.paths) == {"/caps.xml"}


# What is kept ------------------------------------------------------------------------------------


def test_what_is_kept_is_bounded_in_bytes_and_the_longest_unused_goes(tmp_path: Path) -> None:
    made = TileCache(tmp_path / "a.sqlite", 1_000_000, 1e6)
    now_s = time.time()
    for n in range(400):
        made.put((10, n, 1), Kept(b"\0" * 10_000, checked_s=now_s, until_s=now_s + 9))
        assert made.held <= 1_000_000
    assert made.get((10, 399, 1)) and made.get((10, 0, 1)) is None and made.failed == 0
    made.close()
    assert (tmp_path / "a.sqlite").stat().st_size < 4_500_000
    again = TileCache(tmp_path / "a.sqlite", 1_000_000, 1e6)
    assert 0 < again.held <= 1_000_000
    again.close()


def test_what_is_too_old_is_not_shown_any_more(tmp_path: Path) -> None:
    made = TileCache(tmp_path / "a.sqlite", 1_000_000, 60.0)
    now_s = time.time()
    made.put((1, 0, 0), Kept(PNG, checked_s=now_s - 90))
    made.put((1, 0, 1), Kept(PNG, checked_s=now_s - 30))
    made.put((1, 1, 1), Kept(PNG, checked_s=now_s + 9e9))  # a clock was wrong
    assert made.get((1, 0, 0)) is None and made.get((1, 1, 1)) is None
    assert made.get((1, 0, 1))
    made.close()
    again = TileCache(tmp_path / "a.sqlite", 1_000_000, 60.0)
    assert again.held == len(PNG) + cache_module.WEIGHT
    again.close()


@pytest.mark.parametrize(
    "raw", [b"nonsense" * 1_000, b"SQLite format 3\0" + b"\7" * 5_000, schema_of_no_text()]
)
def test_a_damaged_cache_is_made_anew(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(raw)
    made = TileCache(path, 1_000_000, 1e6)
    made.put((1, 0, 0), Kept(PNG, checked_s=time.time()))
    assert made.get((1, 0, 0)) and made.failed == 1
    made.close()


def test_without_a_place_for_a_cache_the_map_is_shown_all_the_same(
    open_server: Open, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("in the way")
    with serving(png) as host:
        assert open_server(plain(host)).tile(5, 3, 4) == PNG


def test_what_no_server_has_any_more_is_thrown_away(tmp_path: Path) -> None:
    for address in ("a", "b"):
        TileCache(file_of(tmp_path, address), 1_000_000, 1e6).close()
    (tmp_path / "cache" / "somebody's.txt").touch()
    cache_module.prune(tmp_path, {"a"})
    left = {path.name for path in (tmp_path / "cache").iterdir()}
    assert left == {file_of(tmp_path, "a").name, "somebody's.txt"}
