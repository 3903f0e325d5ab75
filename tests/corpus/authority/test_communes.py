"""Communes before and after 1 July 2025: whose body took over whose, and where nothing can be said."""

from __future__ import annotations

import pytest

from corpus.authority.identity import issuer_key, successor_keys
from corpus.tables import rows


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("Ủy ban nhân dân xã Viên An Đông, huyện Ngọc Hiển, tỉnh Cà Mau",
         "Ủy ban nhân dân xã Phan Ngọc Hiển, tỉnh Cà Mau", "merged, its province goes on"),
        ("Ủy ban nhân dân thị trấn Tân Hưng, huyện Tân Hưng, tỉnh Long An",
         "Ủy ban nhân dân xã Tân Hưng, tỉnh Tây Ninh", "its province was merged too"),
        ("Ủy ban nhân dân phường Long Bình Tân, thành phố Biên Hòa, tỉnh Đồng Nai",
         "Ủy ban nhân dân phường Long Hưng, tỉnh Đồng Nai", "a ward of a city"),
        ("Ủy ban nhân dân xã Định Mỹ, tỉnh An Giang", None, "one of today: nothing took it over"),
        ("Ủy ban nhân dân xã Không Có, huyện Thoại Sơn, tỉnh An Giang", None, "no table knows it"),
    ],
)  # fmt: skip
def test_the_body_that_took_a_commune_over(before: str, after: str | None, reason: str) -> None:
    heirs = successor_keys(issuer_key(before))
    if after is None:
        assert heirs == frozenset(), reason
    else:
        assert issuer_key(after) in heirs, reason


def test_every_former_unit_became_part_of_a_commune() -> None:
    now = {row["code"] for row in rows("communes")}
    assert {row["code"] for row in rows("communes_before")} <= now
    assert {row["kind"] for row in rows("communes_before")} == {"xã", "phường", "thị trấn"}
