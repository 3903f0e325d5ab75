"""Passwords that are refused and why, and others that must pass:
a rule that refuses good ones is worse than none.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.tables import rows
from tests.web.conftest import OWN_HASHER
from web.access import passwords, weak_passwords

NAMES = ("clerk1", "Nguyễn Minh Đức")
WEAK = [
    ("password123", "a word with digits"),
    ("Admin@123", "a word with a sign and digits"),
    ("P@ssw0rd", "letters written as signs"),
    ("Kiengiang2024", "a province and a year"),
    ("Kiên Giang 123", "the same with marks and blanks"),
    ("tinhkiengiang1", "with its kind"),
    ("iloveyou1", "one of every leak"),
    ("clerk1clerk1", "the account's name twice"),
    ("MinhDuc@2024", "the owner's name"),
    ("vanthu@2025", "an office's word"),
    ("soyte123456", "a body"),
    ("SoYTeKienGiang!", "a body of a province"),
    ("UBND@2024", "an abbreviation"),
    ("12031985", "a date"),
    ("0912345678", "a telephone number"),
    ("1qaz2wsx", "a walk over the keyboard"),
    ("abcdefgh", "the alphabet"),
    ("anhyeuem", "one of every Vietnamese leak"),
    ("4dm1n2024!", "digits for letters"),
    ("nguyenvanlan90", "a full name and a year"),
    ("aaaaaaab", "two letters"),
]


@pytest.mark.parametrize(("password", "why"), WEAK)
def test_what_is_guessed_first_is_weak(password: str, why: str) -> None:
    assert weak_passwords.is_weak(password, NAMES), why


@pytest.mark.parametrize(
    "password",
    ["mot-mat-khau-dai", "con mèo trèo cây cau", "truong giang song dai 7", "xuân này con vẽ quê", "tWq9-fLm2xZ",
     "hoa phượng đỏ trước cổng", "Đức 4 lần leo núi Cấm", "mat-khau-cua-lan-7x"],
)  # fmt: skip
def test_a_sentence_or_a_random_one_passes(password: str) -> None:
    assert not weak_passwords.is_weak(password, NAMES)


def test_passwords_that_the_program_makes_pass() -> None:
    for _ in range(500):
        passwords.check_strength(passwords.made())


def test_the_list_is_as_long_as_the_standard_asks() -> None:
    fits = {row["word"] for row in rows("common_passwords") if len(row["word"]) >= passwords.LEAST}
    assert len(fits) >= 3000
    assert all(weak_passwords.is_weak(one) for one in list(fits)[:3000])


def test_a_guess_at_a_stolen_hash_costs_what_owasp_asks() -> None:
    assert OWN_HASHER().hash("mot-mat-khau-dai").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@given(st.text(max_size=60))
def test_any_text_is_answered(password: str) -> None:
    assert weak_passwords.is_weak(password, NAMES) in (True, False)
