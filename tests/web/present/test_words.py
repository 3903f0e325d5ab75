"""Words of pages, command line and guides: the office's own, in one spelling."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from corpus.queries.citation_graph import STATES
from corpus.vietnamese.tones import new_place
from web.present.catalogue import ACTIONS, CITED_BY, DETAILS, ENGLISH, RELATIONS, ROLE_NAMES

ROOT = Path(__file__).parents[3]
_SOURCES = [
    *sorted((ROOT / "web").rglob("*.py")),
    ROOT / "corpus/errors.py",
    ROOT / "corpus/record_fields.py",
    *sorted((ROOT / "corpus/handover").glob("*.py")),
]
_TEMPLATES = sorted((ROOT / "web/templates").rglob("*.html"))
_GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

OLD = [
    (r"Thu hồi|Đã thu hồi|thu hồi bản|thu hồi lúc", "revokes a paper; a record leaves (Gỡ khỏi kho)"),
    (r"[Đđ]ưa trở lại", "Khôi phục"),
    (r"\bDuyệt\b|và duyệt\b|người duyệt", "the leader's act; a clerk confirms (Xác nhận)"),
    (r"[Cc]ần xem\b", "Chờ kiểm tra, cần kiểm tra"),
    (r"[Cc]ần tìm\b", "reads as an order to search (Văn bản còn thiếu)"),
    (r"\bChưa rõ\b|^chưa rõ$", "of what? (Viện dẫn chưa xác định)"),
    (r"Tải lên|Tải văn bản lên", "Tiếp nhận"),
    (r"Người đọc", "a role of the office: Chuyên viên"),
    (r"[Bb]ộ máy", "an apparatus of the state (Công cụ tìm kiếm)"),
    (r"Việc hỏng|Sức kho[ẻ]|Sức khỏe", "Tác vụ lỗi, Tình trạng kho"),
    (r"Sát nhất|tìm được chữ|Chữ trong văn bản|Tìm mà không", "Phù hợp nhất, có lớp chữ, Nội dung nhận dạng"),
    (r"Thôi theo dõi|[Tt]in Atom\b", "Bỏ theo dõi, Nguồn tin (Atom)"),
    (r"^Ghi$|Ghi (sửa đổi|giới hạn|lý do|hạn|ý kiến)\b", "Lưu"),
    (r"đã kể ở trên|không kể hết", "đã nêu ở trên"),
    (r"(?<!Mức )\bĐộ khẩn", "Decree 30: Mức độ khẩn"),
    (r"Số văn bản đã sửa|\bmáy đọc\b", "Đã sửa N văn bản; hệ thống nhận dạng"),
    (r"[Kk]hoanh một ô", "Kéo chuột khoanh vùng"),
]  # fmt: skip


def _constants(path: Path) -> list[str]:
    """Texts of a module but for its search patterns."""
    tree = ast.parse(path.read_text("utf-8"))
    return [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _of_template(path: Path) -> list[str]:
    """Texts of a template that the catalogue translates."""
    found = re.finditer(r"_\(\s*(?:\"([^\"]*)\"|'([^']*)')", path.read_text("utf-8"))
    return [one[1] or one[2] for one in found]


READ = [(path, text) for path in _SOURCES for text in _constants(path)]
READ += [(path, text) for path in _TEMPLATES for text in _of_template(path)]
_SCRIPTS = sorted((ROOT / "web/static").glob("*.js"))


@pytest.mark.parametrize(("old", "reason"), OLD, ids=[reason for _, reason in OLD])
def test_no_page_or_command_has_the_old_word(old: str, reason: str) -> None:
    assert len(READ) > 2_000
    assert [(path.name, text) for path, text in READ if re.search(old, text)] == [], reason


@pytest.mark.parametrize(("old", "reason"), OLD, ids=[reason for _, reason in OLD])
def test_no_guide_quotes_the_old_word(old: str, reason: str) -> None:
    labels = [
        (path.name, label)
        for path in _GUIDES
        for label in re.findall(r"\*([^*\n]{2,60})\*", path.read_text("utf-8"))
    ]
    assert len(labels) > 80
    assert [one for one in labels if re.search(old, one[1])] == [], reason


def test_the_old_words_are_seen_where_they_stand() -> None:
    for text in ("Thu hồi văn bản này", "Xem và duyệt", "Cần xem", "Chưa rõ", "Ghi hạn", "Độ khẩn", "Bộ máy"):
        assert any(re.search(old, text) for old, _ in OLD), text
    for text in ("thu hồi, hủy bỏ", "phê duyệt", "(chưa rõ)", "Mức độ khẩn", "Ghi chú", "Công cụ tìm kiếm"):
        assert not any(re.search(old, text) for old, _ in OLD), text


def test_tones_stand_in_the_new_place() -> None:
    whole = [(path.name, path.read_text("utf-8")) for path in (*_TEMPLATES, *_GUIDES, *_SCRIPTS)]
    texts = [(path.name, text) for path, text in READ] + whole
    assert [
        (name, [word for word in re.findall(r"\w+", text) if new_place(word) != word])
        for name, text in texts
        if new_place(text) != text
    ] == []


def test_a_key_of_the_catalogue_stands_once_in_its_module() -> None:
    """A second meaning of a text would silently take the first one's English."""
    for path in sorted((ROOT / "web/present").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                assert len(keys) == len(set(keys)), (
                    path.name,
                    sorted({str(one) for one in keys if keys.count(one) > 1}),
                )


def test_a_relation_has_a_sentence_from_either_side() -> None:
    assert set(CITED_BY) == set(RELATIONS)
    assert all(words.count("{}") == 1 and ENGLISH[words].count("{}") == 1 for words in CITED_BY.values())
    assert CITED_BY["basis"].format("05/CT-UBND") == "làm căn cứ của 05/CT-UBND"


def test_states_actions_roles_and_details_have_english() -> None:
    assert set((RELATIONS | ACTIONS | DETAILS | STATES | ROLE_NAMES).values()) <= set(ENGLISH)
