"""PDFs of some kilobytes that ask for a gigabyte when their page is drawn."""

from __future__ import annotations

import zlib

_MIB = 1 << 20


def twice_deflated(block: bytes, mebibytes: int) -> bytes:
    """`block` over and over, in two Flate layers."""
    inner = zlib.compressobj(9)
    chunk = (block * (_MIB // len(block) + 1))[:_MIB]
    data = b"".join(inner.compress(chunk) for _ in range(mebibytes)) + inner.flush()
    return zlib.compress(data, 9)


def pdf(page: bytes, *objects: bytes) -> bytes:
    """A PDF of one page whose dictionary holds `page` besides; further objects from number 4 on."""
    all_objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + page + b">>",
        *objects,
    )
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate(all_objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    start, count = len(out), len(places) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


def picture_bomb() -> bytes:
    """A picture of 30,000 × 30,000 points, all white: 860 MiB once unpacked, 4 kB as it comes."""
    data = twice_deflated(b"\xff", 860)
    head = b"<</Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray"
    image = head + b"/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b\nendstream" % (len(data), data)
    draw = b"q 595 0 0 842 0 0 cm /P Do Q"
    content = b"<</Length %d>>stream\n%b\nendstream" % (len(draw), draw)
    return pdf(b"/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>", content, image)


def content_bomb() -> bytes:
    """A page whose drawing is a gigabyte of nothing."""
    data = twice_deflated(b"q Q ", 1024)
    content = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b\nendstream" % (len(data), data)
    return pdf(b"/Contents 4 0 R/Resources<<>>", content)
