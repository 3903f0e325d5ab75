"""Pictures of the main pages of a running service into docs/screens/, at the width of a laptop and of a telephone.

usage: script/screens.py ADDRESS ACCOUNT [FOLDER [PAGE …]]     (password from stdin; without a name, every page)
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

WIDTHS = {"1366": (1366, 768), "390": (390, 844)}
LEAN = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync")  # fmt: skip
NUMBER = "31/KH-STTTT"
"""The sample that the README tells of; its pages are shown where a page is about one document."""
CHAINED = "18/KH-SNV"
"""The sample that stands on the third level of a chain, with one unclear and one missing document near it."""
PAGES = {
    "home": "/",
    "results": "/?q=k%E1%BA%BF+ho%E1%BA%A1ch",
    "upload": "/tai-len",
    "queue": "/can-xem",
    "wanted": "/can-tim",
    "tasks": "/xu-ly",
    "conflicts": "/mau-thuan",
    "audit": "/nhat-ky",
    "users": "/tai-khoan",
    "system": "/he-thong?check=1",
}
ON_A_TELEPHONE = frozenset({"home", "results", "document", "review", "queue", "upload"})
"""Pages that are opened on a telephone; of the others only the width is checked."""
COLOURS = 16


def main(address: str, account: str, folder: Path, names: frozenset[str]) -> None:
    """Signs in at each width and walks the pages; each picture is one screen high."""
    password = sys.stdin.readline().strip()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(LEAN))
        for name, (width, height) in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
            page.goto(f"{address}/dang-nhap")
            page.get_by_label("Tài khoản").fill(account)
            page.get_by_label("Mật khẩu").fill(password)
            with page.expect_navigation():
                page.get_by_role("button", name="Đăng nhập").click()
            for slug, path in {**PAGES, **_of_one(page, address)}.items():
                if names and slug not in names:
                    continue
                page.goto(address + path, wait_until="networkidle")
                page.wait_for_timeout(700)
                _tell_overflow(page, f"{slug}-{name}")
                if width > 900 or slug in ON_A_TELEPHONE:
                    _keep(page, folder / f"{slug}-{name}.png")
        if not names or "scan" in names:
            _keep_scan(page, address, folder / "scan.png")


def _keep_scan(page: Page, address: str, path: Path) -> None:
    """The head of the sample as it was scanned."""
    picture = page.request.get(f"{address}{_of_one(page, address)['document']}/trang/1.png", params={"w": "1240"})
    with Image.open(io.BytesIO(picture.body())) as image:
        head = image.convert("RGB").crop((0, 0, image.width, image.height // 3))
        head.resize((head.width * 2 // 3, head.height * 2 // 3)).quantize(COLOURS, dither=Image.Dither.NONE).save(
            path, optimize=True
        )


def _id(page: Page, address: str, number: str) -> int:
    found = page.request.get(f"{address}/api/search", params={"q": number, "limit": "1"}).json()["hits"]
    return int(found[0]["id"]) if found else 1


def _of_one(page: Page, address: str) -> dict[str, str]:
    """The pages about a sample: its own, its citations, its review; those of the chain it stands in."""
    number, chained = _id(page, address, NUMBER), _id(page, address, CHAINED)
    return {
        "document": f"/van-ban/{number}",
        "cites": f"/van-ban/{number}/vien-dan",
        "review": f"/can-xem/{number}",
        "tree": f"/van-ban/{chained}/cay",
        "graph": f"/van-ban/{chained}/so-do",
    }


def _tell_overflow(page: Page, name: str) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        print(f"{name}: {overflow} px too wide", file=sys.stderr)


def _keep(page: Page, path: Path) -> None:
    """A screen in few colours: small enough to live in the repository."""
    page.screenshot(path=path)
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    _, base, name, *rest = sys.argv
    main(base.rstrip("/"), name, Path(rest[0] if rest else "docs/screens"), frozenset(rest[1:]))
