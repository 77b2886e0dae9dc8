"""A raster map's tiles: read with a bound, and toned so that the units stay what is seen first."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from widgets.map.sound_pictures import JPEG, MAX_SIDE, PNG, PictureError, keep_quiet, sound
from widgets.theme import Palette

PALED: Final = 0.22
DULLED: Final = 0.5
FORMATS: Final = ((PNG, b"png"), (JPEG, b"jpeg"), (b"RIFF", b"webp"))


def read_picture(data: bytes) -> QImage:
    """Any thread; Python's lock is free meanwhile. Raises PictureError."""
    form = next((form for magic, form in FORMATS if data.startswith(magic)), None)
    if form is None:
        raise PictureError("it is no PNG, JPEG or WebP")
    keep_quiet()
    buffer = QBuffer()
    buffer.setData(sound(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, form)
    size = reader.size()
    if not (0 < size.width() <= MAX_SIDE and 0 < size.height() <= MAX_SIDE):
        raise PictureError(f"it has {size.width()} × {size.height()} pixels")
    image = reader.read()
    if image.isNull() or image.size() != size:
        raise PictureError("it is damaged")
    wanted = (
        QImage.Format.Format_ARGB32_Premultiplied
        if image.hasAlphaChannel()
        else QImage.Format.Format_RGB32
    )
    return image.convertToFormat(wanted)


def toned(image: QImage, palette: Palette) -> QImage:
    """Duller, at night dark enough not to blind, by day a little paler. Any thread.

    Half of the colour goes: a map's red roads must not be taken for alarms.

    A map that was made for paper is white: by night it is multiplied, so that its white becomes
    ``map_tone`` and its black stays black. Nothing is inverted: relief and photographs would look
    like their own negatives. What is clear stays clear.
    """
    made, tone = QImage(image), QColor(palette.map_tone)
    painter = QPainter(made)
    modes = QPainter.CompositionMode
    painter.setCompositionMode(modes.CompositionMode_SourceAtop)
    painter.setOpacity(DULLED)
    painter.drawImage(0, 0, image.convertToFormat(QImage.Format.Format_Grayscale8))
    painter.setOpacity(1.0)
    if palette.name != "night":
        tone.setAlphaF(PALED)
        painter.setCompositionMode(modes.CompositionMode_SourceAtop)
    elif image.hasAlphaChannel():
        tone = QColor(0, 0, 0, 255 - tone.lightness())
        painter.setCompositionMode(modes.CompositionMode_SourceAtop)
    else:
        painter.setCompositionMode(modes.CompositionMode_Multiply)
    painter.fillRect(made.rect(), tone)
    painter.end()
    return made


def draw_picture(painter: QPainter, image: QImage, target: QRectF, part: QRectF) -> None:
    """``part`` of the tile, in shares of its side, where ``target`` is."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    source = QRectF(
        part.x() * image.width(), part.y() * image.height(),
        part.width() * image.width(), part.height() * image.height(),
    )  # fmt: skip
    painter.drawImage(target, image, source, Qt.ImageConversionFlag.AutoColor)
