"""Damaged tiles are refused, and nothing is written to a terminal about them."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

from tests.maps import makers
from widgets.map import sound_pictures
from widgets.map.pictures import read_picture
from widgets.map.sound_pictures import ADAM7, CHANNELS, DEPTHS, PNG, PictureError, sound

FORMATS = QImage.Format
KINDS = [(colour, depth) for colour, depths in DEPTHS.items() for depth in depths]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def written(
    colour: int, depth: int, *, interlaced: bool, side: int = 37, more: bytes = b""
) -> bytes:
    """A PNG of noise by hand: Qt writes but some of the kinds that there are, and no interlaced."""
    chance = random.Random(colour * 100 + depth)

    def rows(width: int, height: int) -> bytes:
        length = (width * depth * CHANNELS[colour] + 7) // 8
        return b"".join(
            bytes([chance.randrange(5)]) + chance.randbytes(length)
            for _ in range(height if width else 0)
        )

    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    raw = b"".join(
        rows((side - left + right - 1) // right, (side - top + down - 1) // down)
        for left, top, right, down in passes
    )
    palette = chunk(b"PLTE", chance.randbytes(3 * min(256, 1 << depth))) if colour == 3 else b""
    head = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, interlaced)
    packed = zlib.compress(raw)
    middle = len(packed) // 2
    return (
        PNG + chunk(b"IHDR", head) + more + palette + chunk(b"IDAT", packed[:middle])
        + chunk(b"IDAT", packed[middle:]) + chunk(b"IEND", b"")
    )  # fmt: skip


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def saved(image: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form, 90)  # type: ignore[call-overload]  # the stub is wrong
    return bytes(buffer.data().data())


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), KINDS)
def test_a_whole_png_of_any_kind_is_read_as_qt_reads_it(
    colour: int, depth: int, interlaced: bool
) -> None:
    for side in (1, 3, 37):
        text = chunk(b"tEXt", b"Comment\0of no consequence") + chunk(b"tIME", bytes(7))
        data = written(colour, depth, interlaced=interlaced, side=side, more=text)
        image = read_picture(data)
        assert image == QImage.fromData(data).convertToFormat(image.format())


@pytest.mark.parametrize(
    "form", [FORMATS.Format_Mono, FORMATS.Format_Indexed8, FORMATS.Format_Grayscale8,
             FORMATS.Format_RGB32, FORMATS.Format_ARGB32, FORMATS.Format_RGBA64]
)  # fmt: skip
@pytest.mark.parametrize("file", ["png", "jpeg", "webp"])
def test_what_qt_writes_is_whole(form: QImage.Format, file: str) -> None:
    image = QImage(40, 30, FORMATS.Format_ARGB32)
    image.fill(QColor(200, 90, 40, 120))
    data = saved(image.convertToFormat(form), file)
    assert sound(data).startswith(data[:4])
    assert read_picture(data).width() == 40


def test_a_jpeg_in_several_scans_is_whole_and_cut_short_it_is_not() -> None:
    image = QImage(64, 64, FORMATS.Format_RGB32)
    image.fill(QColor("#c05a20"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"jpeg")
    writer.setProgressiveScanWrite(True)
    assert writer.write(image)
    data = bytes(buffer.data().data())
    assert data.count(b"\xff\xda") > 1
    assert read_picture(data).width() == 64
    with pytest.raises(PictureError):
        read_picture(data[: data.rindex(b"\xff\xda")])


@cache
def good(form: str) -> bytes:
    return makers.picture("#305070", form, 64)


def renewed(data: bytes, flips: list[tuple[int, int]]) -> bytes:
    """Bytes of a PNG's chunks changed, with checksums that are right again."""
    made = []
    for n, (name, body) in enumerate(chunks(data)):
        changed = bytearray(body)
        for at, change in flips:
            if changed and at % 4 == n % 4:
                changed[at % len(changed)] ^= change
        made.append(chunk(name, bytes(changed)))
    return PNG + b"".join(made)


FLIPS = st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 255)), min_size=1, max_size=6)
MANY = settings(
    max_examples=200, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.mark.parametrize("form", ["png", "renewed", "palette", "interlaced", "jpeg", "webp"])
@MANY
@given(flips=FLIPS, cut=st.none() | st.integers(1, 3_000))
def test_nothing_is_written_about_a_damaged_picture(
    form: str, flips: list[tuple[int, int]], cut: int | None,
    capfd: pytest.CaptureFixture[str], qtlog: Any,
) -> None:  # fmt: skip
    data = good(form if form in ("jpeg", "webp") else "png")
    if form in ("palette", "interlaced"):
        data = written(3 if form == "palette" else 2, 8, interlaced=form == "interlaced")
    if form in ("png", "jpeg", "webp"):
        made = bytearray(data)
        for at, change in flips:
            made[12 + at % (len(made) - 12)] ^= change
        data = bytes(made)
    else:
        data = renewed(data, flips)
    try:
        image = read_picture(data if cut is None else data[: cut % len(data)])
    except PictureError:
        pass
    else:
        assert image.width() <= 1_024
    assert capfd.readouterr() == ("", "")
    assert not qtlog.records


def test_what_qt_says_of_a_picture_that_can_be_read_is_not_written_either(
    capfd: pytest.CaptureFixture[str], qtlog: Any
) -> None:
    data = written(0, 8, interlaced=False, more=chunk(b"PLTE", bytes(3)))
    assert read_picture(data).width() == 37
    assert capfd.readouterr() == ("", "")
    assert not qtlog.records


def test_a_jpeg_that_is_cut_short_is_damaged(qtlog: Any) -> None:
    """libjpeg would fill the rest with grey."""
    image = QImage(64, 64, FORMATS.Format_RGB32)
    for y in range(64):
        for x in range(64):
            image.setPixelColor(x, y, QColor(x * 4, y * 4, (x * y) % 256))
    data = saved(image, "jpeg")
    assert read_picture(data + bytes(9)).width() == 64  # what stands behind is nobody's
    for share in (0.2, 0.6, 0.95):
        with pytest.raises(PictureError, match="early"):
            read_picture(data[: round(len(data) * share)])
    assert not qtlog.records


def test_a_picture_that_unpacks_to_more_than_it_says_costs_no_memory() -> None:
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    bomb = zlib.compress(bytes(50_000_000))
    data = PNG + chunk(b"IHDR", head) + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")
    with pytest.raises(PictureError):
        read_picture(data)


@pytest.mark.parametrize(
    "size", [(0, 5), (sound_pictures.MAX_SIDE + 1, 5), (5, 1 << 31)], ids=["none", "wide", "high"]
)
def test_a_png_of_a_size_that_no_tile_has(size: tuple[int, int]) -> None:
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    with pytest.raises(PictureError, match="pixels"):
        read_picture(PNG + chunk(b"IHDR", head) + chunk(b"IEND", b""))
