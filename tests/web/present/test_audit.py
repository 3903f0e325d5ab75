"""The trail is told in words: no row that the program writes shows the name of a column."""

from __future__ import annotations

from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.field_labels import LABELS
from corpus.originals import content_store
from web.present import audit_words
from web.present.catalogue import DETAILS


def test_every_part_of_a_row_has_words(filled: Store) -> None:
    records.correct(filled, 1, {"subject": "Việc khác"}, "clerk", None)
    records.withdraw(filled, 1, "quét thiếu trang", "clerk")
    paper = b"mat"
    document = records.receive(
        filled, content_store.put_original(filled, paper), "a.txt", "text/plain", 3, "clerk"
    ).document_id
    records.refuse(filled, document, Problem("classified", mark="MẬT"), actor="clerk")
    content_store.put_original(filled, paper)
    records.overrule_mark(filled, document, "a.txt", "tên phần mềm", "clerk")
    with filled.db.reading() as session:
        rows = session.scalars(select(AuditRow)).all()
    words = set(DETAILS.values()) | set(LABELS.values())
    untold = {(row.action, name) for row in rows for name, _ in audit_words.told(row) if name not in words}
    assert len(rows) > 10 and untold == set()
