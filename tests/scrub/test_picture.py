"""Picture: what stays is pixels, whatever came with them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from troth.scrub.picture import LONGEST_SIDE, NoPicture, redraw

SECRET = b"60.1699 N 24.9384 E"


def made(kind: str, size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#204060").save(out, kind, **more)
    return out.getvalue()


def told() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    return info


@pytest.mark.parametrize(
    "raw",
    [
        made("JPEG", comment=SECRET),
        made("PNG", pnginfo=told()),
        made("WEBP", xmp=SECRET),
        made("GIF", comment=SECRET),
        made("JPEG") + SECRET,
    ],
)
def test_nothing_that_was_written_beside_the_pixels_is_left(raw: bytes) -> None:
    assert SECRET in raw

    clean = redraw(raw)

    assert SECRET not in clean
    with Image.open(io.BytesIO(clean)) as drawn:
        assert drawn.format == "WEBP"
        assert not drawn.getexif()


def test_a_picture_held_sideways_is_turned_before_its_word_for_that_goes() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    with Image.open(io.BytesIO(redraw(made("JPEG", exif=exif)))) as drawn:
        assert drawn.size == (20, 40)


def test_a_picture_is_no_larger_than_a_page_needs() -> None:
    with Image.open(io.BytesIO(redraw(made("PNG", size=(4000, 1000))))) as drawn:
        assert max(drawn.size) == LONGEST_SIDE


@pytest.mark.parametrize("raw", [b"", b"<svg xmlns='x'/>", b"GIF89a", made("PNG")[:40], b"\x00" * 2000])
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NoPicture):
        redraw(raw)


def test_a_picture_that_would_unfold_without_end_is_refused() -> None:
    with pytest.raises(NoPicture):
        redraw(made("PNG", size=(20_000, 9_000)))
