"""Makes ingest/weights/stamp_words.npz, the printed shapes of a stamp's words: `python -m script.make_stamp_words
FONT …`.

FONT: files of bold fonts, as of the families that stamps are cut in (Tinos and Arimo, Apache licence, have the
widths of Times New Roman and Arial).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.imaging.stamp_words import SHAPES, WORDS

_HIGH = 40
"""Pixels of `Ậ`, marks above and below included; other letters keep their share of it."""


def shape(words: str, font: Path) -> Image.Image:
    """The words in black on white, without paper around them."""
    letters = ImageFont.truetype(str(font), 200)
    left, top, right, bottom = (
        int(edge) for edge in ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((0, 0), words, font=letters)
    )
    image = Image.new("L", (right - left, bottom - top), 255)
    ImageDraw.Draw(image).text((-left, -top), words, font=letters, fill=0)
    full = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((0, 0), "Ậ", font=letters)
    scale = _HIGH / (full[3] - full[1])
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BOX)


def main() -> None:
    """One array for each word and font, 0 for paper to 255 for ink."""
    fonts = [Path(name) for name in sys.argv[1:]]
    shapes = {
        f"{number}/{words}": 255 - np.asarray(shape(words, font))
        for words in WORDS
        for number, font in enumerate(fonts)
    }
    np.savez_compressed(SHAPES, **shapes)


if __name__ == "__main__":
    main()
