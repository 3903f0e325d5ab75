"""Makes corpus/data/communes_before.tsv: which units each commune of 1 July 2025 was made of,
from a list that tells it in words.

python script/mine_communes.py LIST.tsv

LIST has the columns code, kind, name, province_code, province, before; `before` reads `Xã Nghi Đồng, Thị trấn Tân
Hưng, một phần … của các phường Cửa Nam, Điện Biên`. Only units named one by one as a whole are taken: a part says
nothing of a body.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from corpus.tables import read_table

HEAD = """# Units of before 1/7/2025 that a commune (communes.tsv, by its code) was made of as a whole; mined by script/mine_communes.py from the
# public list of thanglequoc/vietnamese-provinces-database (MIT). A unit that was divided is left out. of: its district where the list names it.
code\tkind\tname\tof
"""
_UNIT = re.compile(
    r"(?P<kind>Xã|Phường|Thị trấn) (?P<name>[^,();]+?)(?: \((?P<of>(?:huyện|thị xã|thành phố|quận) [^)]+)\))?\Z"
)
_PART = re.compile(r"một phần|phần còn lại|diện tích|dân số", re.IGNORECASE)


def units(before: str) -> list[tuple[str, str, str]]:
    """(kind, name, district or nothing) of the units that are told as a whole,
    up to the first that was divided.
    """
    found = []
    for part in re.split(r",(?![^()]*\))\s*", before):
        if _PART.search(part):
            break
        if match := _UNIT.fullmatch(part.strip()):
            found.append((match["kind"].lower(), match["name"].strip(), match["of"] or ""))
    return found


def main(source: Path) -> None:
    """Writes the table."""
    _, rows = read_table(source)
    lines = [
        "\t".join((row["code"], *unit)).rstrip("\t")
        for row in rows
        for unit in dict.fromkeys(units(row.get("before", "")))
    ]
    target = Path(__file__).parent.parent / "corpus" / "data" / "communes_before.tsv"
    target.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} units of {len({line.split(chr(9))[0] for line in lines})} communes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, metavar="LIST.tsv")
    main(parser.parse_args().source)
