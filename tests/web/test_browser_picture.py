"""The picture of citations in a real browser: downloaded as SVG and PNG, and on the printed page."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]
Enter = Callable[[Page, str], list[str]]
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_downloads_and_prints(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "auditor")
    page.goto(f"{address}/van-ban/1/so-do")
    page.locator(".graph.drawn").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tải SVG").click()
    drawn = ElementTree.fromstring(Path(waiting.value.path()).read_text("utf-8"))
    words = " ".join(text.text or "" for text in drawn.iter(f"{SVG}text"))
    assert waiting.value.suggested_filename == "so-do-31-kh-ubnd.svg"
    assert drawn.tag == f"{SVG}svg" and "31/KH-UBND" in words and "5/CT-UBND" in words and "99/QĐ-UBND" in words
    assert "thực hiện" in words and len(list(drawn.iter(f"{SVG}line"))) == 2
    dashed = [one for one in drawn.iter(f"{SVG}rect") if one.get("stroke-dasharray")]
    assert len(dashed) == 1, "the wanted document is told from those held"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tải PNG").click()
    image = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    colours = image.convert("RGB").getcolors(1 << 24)
    assert image.format == "PNG" and image.width > 300 and colours is not None and len(colours) > 10
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shown = page.locator(".printed-picture svg")
    assert shown.is_visible() and not page.locator(".graph .canvas").is_visible()
    frame = shown.bounding_box()
    assert frame is not None and frame["width"] > 200 and frame["height"] > 50
    assert faults == []
