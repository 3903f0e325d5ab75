"""The signer's name from two readings: alike it passes, a surname under the seal is completed and shown to a
person.
"""

from __future__ import annotations

import pytest

from corpus.document import Box, Field
from ingest.fields.signer_name import SeenName, name_in, settled_name, with_surnames
from ingest.secondreader.lexicon import Match
from ingest.text.rows import Row

BOX = Box(0.6, 0.7, 0.8, 0.72)


def seen(value: str, *read: tuple[str, float], surname: float = 0.0) -> SeenName:
    return SeenName(value, tuple(Match(text, fit) for text, fit in read), BOX, surname)


def read(value: str | None, review: bool) -> Field | None:
    return None if value is None else Field(value, value, 0.8, review, 1, (BOX,))


@pytest.mark.parametrize(
    ("printed", "doubted", "other", "want", "review", "why"),
    [
        ("Lê Văn An", False, seen("Lê Văn An", ("Lê Văn An", 0.1), ("Lý Văn An", -0.9)), "Lê Văn An", False,
         "alike"),
        ("Lê Văn An", True, seen("Lê Văn An", ("Lê Văn An", 0.1), ("Lý Văn An", -0.9)), "Lê Văn An", False,
         "agreement clears the doubt"),
        ("Lê Văn An", True, seen("Lê Văn An", ("Lê Văn An", 0.1), ("Lý Văn An", 0.0)), "Lê Văn An", True,
         "no agreement where the second reader can't tell surnames apart"),
        ("Lê Văn An", False, seen("Lê Văn An", ("Lê Văn An", -2.5), ("Lý Văn An", -3.9)), "Lê Văn An", True,
         "the second reader saw something else"),
        ("Lê Văn An", False, seen("Lê Văn An", ("Lý Văn An", 0.1), ("Lê Văn An", -0.9)), "Lê Văn An", True,
         "two different surnames"),
        ("Hà Văn An", False, seen("Hà Văn An", ("Từ Văn An", 0.1), ("Vi Văn An", 0.0), surname=0.95), "Hà Văn An",
         False,
         "the rim of a seal beside a surname that recognition is sure of"),
        ("Hà Văn An", False, seen("Hà Văn An", ("Từ Văn Ân", 0.1), ("Vi Văn An", 0.0), surname=0.95), "Hà Văn An",
         True,
         "a given name too"),
        ("Hà Văn An", False, seen("Hà Văn An", ("Từ Văn An", 0.1), ("Vi Văn An", 0.0), surname=0.8), "Hà Văn An",
         True,
         "recognition was not sure of the surname"),
        ("La Văn An", False, seen("La Văn An", ("Hà Văn An", 0.1), ("Vi Văn An", 0.0), surname=0.95), "La Văn An",
         True,
         "a rare surname"),
        ("Hà Văn An", True, seen("Hà Văn An", ("Từ Văn An", 0.1), ("Vi Văn An", 0.0), surname=0.95), "Hà Văn An",
         True,
         "doubted by itself"),
        ("Kim Sơn", True, seen("Kim Sơn", ("Nguyễn Kim Sơn", 0.3), ("Kim Sơn", -1.9)), "Nguyễn Kim Sơn", True,
         "a surname that one of them lost"),
        ("Hoàng Anh", True, seen("Lê Hoàng Anh", ("Lê Hoàng Anh", -0.3), ("Lý Hoàng Anh", -1.1)), "Lê Hoàng Anh",
         False,
         "the line by itself says it, and the second reader"),
        ("Hoàng Anh", True, seen("Hoàng Anh", ("Tạ Hoàng Anh", 0.1), ("H Hoàng Anh", 0.06)), "Hoàng Anh", True,
         "too near to choose"),
        ("Quàng Anh", True, seen("Quàng Anh", ("Trần Quang Anh", -0.2), ("Trần Quàng Anh", -1.4)),
         "Trần Quang Anh", True,
         "a given name was taken for a surname"),
        ("Lê Trúc An", False, seen("Lê Trúc An", ("Lê Trớc An", 0.2), ("Lê Trúc An", 0.1)), "Lê Trúc An", False,
         "no syllable is written so"),
        ("Lê Trúc An", False, seen("Lê Trúc An", ("Lê Trức An", 0.2), ("Lê Trúc An", 0.1)), "Lê Trúc An", False,
         "a syllable that is no name"),
        ("Lê Trúc An", False, seen("Lê Trúc An", ("Lê Trực An", 0.2), ("Lê Trúc An", 0.1)), "Lê Trúc An", True,
         "two names"),
        ("Lê Hễng An", False, seen("Lê Hễng An", ("Lê Hồng An", 0.2), ("Lê Hễng An", -0.9)), "Lê Hễng An", True,
         "recognition has the word that is no name"),
        ("Hà Văn An", False, seen("Hà Văn An", ("Tạ Hà Văn An", 0.1), ("Hà Văn An", -0.5), surname=0.95),
         "Hà Văn An",
         False, "the rim before a whole name that both read"),
        ("Hà An", False, seen("Hà An", ("Nguyễn Hà An", 0.1), ("Hà An", -0.5), surname=0.95), "Hà An", True,
         "a surname may be lost before a given name that is one too"),
        ("Yên Văn An", False, seen("Yên Văn An", ("Nguyễn Văn An", 0.1), ("Yên Văn An", -2.0)), "Nguyễn Văn An",
         True,
         "the rest of a common surname under the seal"),
        (None, False, seen("Lê Văn An", ("Lê Văn An", 0.1), ("Lý Văn An", -0.9)), "Lê Văn An", True,
         "one reading alone"),
        (None, False, seen("Lê Văn An", ("Lê Văn An", -2.5), ("Lý Văn An", -3.9)), None, None, "no name seen"),
    ],
)  # fmt: skip
def test_name_after_both_readings(
    printed: str | None, doubted: bool, other: SeenName, want: str | None, review: bool | None, why: str
) -> None:
    found = settled_name(read(printed, doubted), other)
    assert (found and found.value) == want, why
    assert (found and found.review) == review, why


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("Kim Sơn", "Nguyễn Kim Sơn"),
        ("Quàng Anh", "Trần Quang Anh"),
        ("Lê Hoàng Anh", "Lý Hoàng Anh"),
        ("Lê Hoàng Anh", "Lê Hoàng Anh"),
        ("Nguyễn Văn Hãi", "Nguyễn Văn Hải"),
        ("Văn Hãi", "Lê Văn Hải"),
    ],
)
def test_names_that_a_line_may_hold(name: str, holds: str) -> None:
    names = with_surnames(name)
    assert holds in names
    assert all(2 <= len(each.split()) <= 5 for each in names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("printed", "want", "why"),
    [
        ("HÀ Văn Phúc", "Hà Văn Phúc", "a surname in capitals, its marks seen"),
        ("Hà Văn Phúc", "Hà Văn Phúc", "as it is"),
        ("Tran Văn Phúc", "Trần Văn Phúc", "a long surname without its marks"),
        (
            "là Văn Phúc",
            "Văn Phúc",
            "a short word in small letters is no surname: here it is what is left of `Hà`",
        ),
    ],
)
def test_surname_of_a_printed_name(printed: str, want: str, why: str) -> None:
    found = name_in(Row(printed, 0, len(printed), 1, 0))
    assert (found and found.value) == want, why
