"""Sentences and events of our own making, for the gateways' tests; every place is made up."""

from __future__ import annotations

from datetime import UTC, datetime


def sentence(body: str) -> bytes:
    """With its checksum."""
    checksum = 0
    for byte in body.encode("latin-1"):
        checksum ^= byte
    return b"$" + body.encode("latin-1") + b"*%02X\r\n" % checksum


def dmm(degrees: float, figures: int) -> str:
    """``ddmm.mmmmm`` of degrees."""
    whole, rest = divmod(round(abs(degrees) * 6_000_000), 6_000_000)
    return f"{whole:0{figures}}{rest / 100_000:08.5f}"


def place(lat: float, lon: float) -> str:
    """Four fields."""
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return f"{dmm(lat, 2)},{north},{dmm(lon, 3)},{east}"


def utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)


def clock(ms: int) -> str:
    return f"{utc(ms):%H%M%S}.{utc(ms).microsecond // 10_000:02}"


def rmc(
    lat: float, lon: float, ms: int, *, knots: str = "0.0", course: str = "", talker: str = "GP",
    status: str = "A", mode: str = "A",
) -> bytes:  # fmt: skip
    day = f"{utc(ms):%d%m%y}"
    return sentence(
        f"{talker}RMC,{clock(ms)},{status},{place(lat, lon)},{knots},{course},{day},,,{mode}"
    )


def gga(
    lat: float, lon: float, ms: int, *, quality: str = "1", hdop: str = "1.2", talker: str = "GP"
) -> bytes:
    return sentence(
        f"{talker}GGA,{clock(ms)},{place(lat, lon)},{quality},08,{hdop},12.0,M,40.0,M,,"
    )


def iso(ms: int) -> str:
    return f"{utc(ms):%Y-%m-%dT%H:%M:%S}.{utc(ms).microsecond // 1_000:03}Z"


def cot(
    uid: str, lat: object, lon: object, ms: int, *, stale_ms: int = 120_000,
    kind: str = "a-f-G-U-C", how: str = "m-g", ce: object = "9.5", detail: str = "",
    time: str = "", start: str = "", stale: str = "",
) -> bytes:  # fmt: skip
    said = time or iso(ms)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<event version="2.0" uid="{uid}" type="{kind}" how="{how}" time="{said}" '
        f'start="{start or said}" stale="{stale or iso(ms + stale_ms)}">'
        f'<point lat="{lat}" lon="{lon}" hae="9999999.0" ce="{ce}" le="9999999.0"/>'
        f"<detail>{detail}</detail></event>"
    ).encode()
