"""Makes office-like documents out of Vietnamese syllables, and queries on them, for measuring search speed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_ONSETS = [
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gh",
    "gi",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "ngh",
    "nh",
    "p",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
_RIMES = [
    "a",
    "à",
    "á",
    "ả",
    "ạ",
    "ai",
    "ài",
    "ái",
    "ải",
    "ại",
    "am",
    "an",
    "àn",
    "án",
    "ản",
    "ang",
    "áng",
    "àng",
    "anh",
    "ánh",
    "ành",
    "ao",
    "ào",
    "áo",
    "ảo",
    "at",
    "ạt",
    "ay",
    "ày",
    "áy",
    "âm",
    "ân",
    "ần",
    "ấn",
    "âng",
    "ấp",
    "ất",
    "ầu",
    "ậu",
    "ây",
    "ấy",
    "e",
    "è",
    "é",
    "em",
    "ém",
    "en",
    "én",
    "ê",
    "ề",
    "ế",
    "ể",
    "ệ",
    "êm",
    "ên",
    "ến",
    "ền",
    "êt",
    "ết",
    "iê",
    "iêm",
    "iên",
    "iến",
    "iền",
    "iện",
    "iêu",
    "iều",
    "iếu",
    "i",
    "ì",
    "í",
    "ỉ",
    "ị",
    "in",
    "ính",
    "ình",
    "inh",
    "ích",
    "ịch",
    "o",
    "ò",
    "ó",
    "ỏ",
    "ọ",
    "oa",
    "oà",
    "oá",
    "oan",
    "oán",
    "oàn",
    "oạn",
    "ông",
    "ồng",
    "ống",
    "ôi",
    "ối",
    "ồi",
    "ội",
    "ô",
    "ố",
    "ồ",
    "ổ",
    "ộ",
    "ôn",
    "ốn",
    "ơ",
    "ờ",
    "ớ",
    "ở",
    "ợ",
    "ơi",
    "ới",
    "ời",
    "ợi",
    "ơn",
    "on",
    "ong",
    "óng",
    "òng",
    "u",
    "ù",
    "ú",
    "ủ",
    "ụ",
    "uân",
    "uấn",
    "uật",
    "ung",
    "úng",
    "ùng",
    "ui",
    "uốc",
    "uộc",
    "uy",
    "ủy",
    "ưa",
    "ừa",
    "ứa",
    "ư",
    "ừ",
    "ứ",
    "ử",
    "ự",
    "ưng",
    "ứng",
    "ừng",
    "ươi",
    "ười",
    "ương",
    "ường",
    "ướng",
    "ượng",
    "ước",
    "ược",
]
_FREQUENT = [
    "và",
    "của",
    "các",
    "trong",
    "được",
    "về",
    "có",
    "theo",
    "tại",
    "đến",
    "cho",
    "việc",
    "với",
    "thực hiện",
    "quy định",
    "ủy ban nhân dân",
    "kế hoạch",
    "cơ quan",
    "đơn vị",
    "công tác",
    "tổ chức",
    "quản lý",
    "nhà nước",
    "thông tin",
    "truyền thông",
    "thi đua",
    "khen thưởng",
    "ngân sách",
    "chỉ đạo",
    "triển khai",
    "báo cáo",
    "hướng dẫn",
    "nhiệm vụ",
    "giải pháp",
    "kết quả",
    "cán bộ",
    "công chức",
    "viên chức",
    "chính quyền",
    "địa phương",
    "kinh tế",
    "xã hội",
    "phát triển",
    "nông thôn mới",
    "cải cách hành chính",
    "chuyển đổi số",
    "đào tạo",
    "bồi dưỡng",
    "tăng cường",
    "phối hợp",
    "kiểm tra",
    "giám sát",
    "đề nghị",
]
_TYPES = ("Kế hoạch", "Công văn", "Quyết định", "Báo cáo", "Tờ trình", "Thông báo", "Hướng dẫn", "Nghị quyết")
_CODES = ("KH", "CV", "QĐ", "BC", "TTr", "TB", "HD", "NQ")
_BODIES = (("STTTT", "Sở Thông tin và Truyền thông tỉnh Trường Sơn"), ("SYT", "Sở Y tế tỉnh Trường Sơn"),
           ("UBND", "Ủy ban nhân dân tỉnh Trường Sơn"), ("SNV", "Sở Nội vụ tỉnh Trường Sơn"),
           ("SGDĐT", "Sở Giáo dục và Đào tạo tỉnh Trường Sơn"))  # fmt: skip
_VOCABULARY = 30_000
_ZIPF = 1.02
_TOPICS = 40


@dataclass(frozen=True, slots=True)
class Made:
    """One made document."""

    id: int
    number: str
    date: str
    doc_type: str
    issuer: str
    subject: str
    text: str


class Maker:
    """Draws documents of a given length from one vocabulary, frequent words first (Zipf)."""

    def __init__(self, seed: int, words: int) -> None:
        self._random = random.Random(seed)
        self._length = words
        self.vocabulary = self._words()
        self._weights = list(accumulate(1 / (rank + 2) ** _ZIPF for rank in range(len(self.vocabulary))))

    def documents(self, count: int) -> Iterator[Made]:
        """Documents numbered from 1."""
        for id in range(1, count + 1):
            yield self._document(id)

    def _document(self, id: int) -> Made:
        rng = self._random
        kind, (code, issuer) = rng.randrange(len(_TYPES)), rng.choice(_BODIES)
        year, topic = rng.randint(2015, 2026), rng.randrange(_TOPICS)
        date = f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        number = f"{id}/{_CODES[kind]}-{code}"
        subject = " ".join(self._draw(topic, 8))
        words = self._draw(topic, rng.randint(self._length * 2 // 3, self._length * 4 // 3))
        for _ in range(3):
            cited = f"số {rng.randint(1, 2000)}/{rng.choice(_CODES)}-{rng.choice(_BODIES)[0]} ngày 12/4/{year},"
            words.insert(rng.randrange(len(words)), cited)
        lines = [" ".join(words[start : start + 14]) for start in range(0, len(words), 14)]
        text = f"{issuer.upper()}\nSố: {number}\n{_TYPES[kind].upper()}\n{subject}\n" + ".\n".join(lines)
        return Made(id, number, date, _TYPES[kind], issuer, subject, text)

    def _draw(self, topic: int, count: int) -> list[str]:
        drawn = self._random.choices(self.vocabulary, cum_weights=self._weights, k=count)
        own = self.vocabulary[200 + topic * 50 : 250 + topic * 50]
        return [self._random.choice(own) if self._random.random() < 0.15 else word for word in drawn]

    def _words(self) -> list[str]:
        rng = random.Random(7)
        syllables = [onset + rime for onset in _ONSETS for rime in _RIMES]
        rng.shuffle(syllables)
        found = dict.fromkeys(_FREQUENT)
        weights = list(accumulate(1 / (rank + 5) for rank in range(len(syllables))))
        while len(found) < _VOCABULARY:
            found[" ".join(rng.choices(syllables, cum_weights=weights, k=rng.choice((1, 2, 2, 2, 3))))] = None
        return list(found)


def queries(maker: Maker, documents: list[Made], count: int) -> dict[str, list[str]]:
    """Queries of every class of the notes, in the contract's query language."""
    rng = random.Random(11)
    common, middle, rare = maker.vocabulary[:30], maker.vocabulary[100:600], maker.vocabulary[5000:9000]

    def some(make: object) -> list[str]:
        return [make() for _ in range(count)]  # type: ignore[operator]

    def stretch(length: int) -> str:
        while True:
            tokens = rng.choice(documents).text.split("\n")[rng.randint(4, 9)].rstrip(".").split()
            start = rng.randrange(max(1, len(tokens) - length))
            found = " ".join(tokens[start : start + length])
            if not any(letter.isdigit() for letter in found):
                return found

    return {
        "term_common": some(lambda: rng.choice(common).split()[0]),
        "term_mid": some(lambda: rng.choice(middle).split()[-1]),
        "term_rare": some(lambda: rng.choice(rare)),
        "and2": some(lambda: f"{rng.choice(common)} {rng.choice(middle)}"),
        "and3": some(lambda: f"{rng.choice(common)} {rng.choice(common)} {rng.choice(middle)}"),
        "or3": some(lambda: " OR ".join(rng.choice(middle).split()[0] for _ in range(3))),
        "question8": some(lambda: stretch(5) + " " + stretch(4)),
        "phrase2": some(lambda: f'"{stretch(2)}"'),
        "phrase4": some(lambda: f'"{stretch(4)}"'),
        "filter": some(lambda: f'{rng.choice(common)} loai:"{rng.choice(_TYPES)}" nam:{rng.randint(2015, 2026)}'),
        "prefix": some(lambda: rng.choice(middle).split()[0][:3] + "*"),
        "number": some(lambda: rng.choice(documents).number),
        "fold_and4": some(lambda: _bare(f"{rng.choice(common)} {rng.choice(common)} {rng.choice(middle)}")),
        "fold_phrase4": some(lambda: f'"{_bare(stretch(4))}"'),
    }


def _bare(text: str) -> str:
    from corpus.vietnamese.fold import fold

    return fold(text)
