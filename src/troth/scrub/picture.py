"""Picture: a picture drawn anew, so that nothing its camera or program wrote beside the pixels is left.

Position, time, device, thumbnails and comments stand in a dozen places of a dozen formats; none is looked
for.  The pixels are read, turned as the camera was held, made no larger than a page needs and written into a
new file.  INVARIANT (pixels only): no byte of the file that came is in the file that stays.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from troth.terms import TrothError

LONGEST_SIDE = 1600
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
MEDIA = "image/webp"


class NoPicture(TrothError):
    """What was handed in is no picture that is taken here."""

    def __init__(self) -> None:
        super().__init__("this is no picture: send a JPEG, PNG, WebP or GIF of less than 40 megapixels")


def redraw(raw: bytes, longest: int = LONGEST_SIDE) -> bytes:
    """Return the picture of a file as a WebP of pixels alone; raise ``NoPicture``.

    >>> tiny = io.BytesIO()
    >>> Image.new("RGB", (3, 2)).save(tiny, "PNG")
    >>> redraw(tiny.getvalue())[8:12]
    b'WEBP'
    >>> redraw(b"<svg>")
    Traceback (most recent call last):
    troth.scrub.picture.NoPicture: this is no picture: send a JPEG, PNG, WebP or GIF of ...
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a file that only warns of being a bomb is one
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NoPicture
                upright = ImageOps.exif_transpose(opened)
                clear = "A" in upright.getbands() or "transparency" in upright.info
                drawn = upright.convert("RGBA" if clear else "RGB")
    except (OSError, ValueError, SyntaxError, Warning, UnidentifiedImageError, Image.DecompressionBombError):
        raise NoPicture from None
    drawn.thumbnail((longest, longest))
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    made = io.BytesIO()
    bare.save(made, "WEBP", quality=QUALITY)
    return made.getvalue()
