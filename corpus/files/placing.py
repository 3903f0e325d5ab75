"""Papers of files: documents put into a file by a person or by a rule, taken out, arranged by day.

Functions on a session; corpus.records commits. A document is in one file at most; a file that is not open gains
and loses none.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from corpus import audit
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.authority.identity import issuer_key
from corpus.database.connection import utc_now
from corpus.database.file_tables import CaseFile, CaseFilePaper, CaseFileRule
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.files import keeping
from corpus.typed_text import clean_text
from corpus.vietnamese.fold import fold

PLACED = ("review", "accepted")
"""States of a document that can be put into a file."""
MOST_RULES = 50
"""Rules of one file."""


def put(session: Session, found: CaseFile, document: Document, actor: str, *, move: bool = False) -> bool:
    """Put a document at the end of a file; False if it is in it already.

    move: take it out of the open file that it is in. Raises Problem("file_not_open") for either file,
    Problem("in_other_file") without `move`, Problem("wrong_state") for a document that is not read or withdrawn.
    """
    keeping.demand_open(found)
    if document.status not in PLACED:
        raise Problem("wrong_state", document=document.id, status=document.status)
    paper = session.get(CaseFilePaper, document.id)
    if paper is not None and paper.file_id == found.id:
        return False
    was = None
    if paper is not None:
        other = session.get_one(CaseFile, paper.file_id)
        keeping.demand_open(other)
        was = keeping.full(other)
        if not move:
            raise Problem("in_other_file", document=document.id, file=was)
        session.delete(paper)
        session.flush()
    _append(session, found, document, actor)
    detail = {"file": keeping.full(found)} | ({"was": was} if was else {})
    audit.append(session, actor, "file_paper", document.id, detail)
    return True


def put_free(session: Session, found: CaseFile, document: Document, actor: str) -> bool:
    """Put a document that is on record and in no file into a file; False if it changed meanwhile."""
    free = document.status == "accepted" and session.get(CaseFilePaper, document.id) is None
    return free and put(session, found, document, actor)


def take_out(session: Session, document: Document, actor: str) -> None:
    """Take a document out of its open file. Raises Problem("file_not_open"), Problem("not_found")."""
    paper = session.get(CaseFilePaper, document.id)
    if paper is None:
        raise Problem("not_found", what=document.id)
    found = session.get_one(CaseFile, paper.file_id)
    keeping.demand_open(found)
    session.delete(paper)
    _touch(document)
    session.flush()
    audit.append(session, actor, "unfile_paper", document.id, {"file": keeping.full(found)})


def arrange(session: Session, found: CaseFile, actor: str) -> None:
    """Number the papers of an open file by their days; those without a day come last.

    Raises Problem("file_not_open").
    """
    keeping.demand_open(found)
    rows = session.execute(
        select(CaseFilePaper, Document.date)
        .join(Document, Document.id == CaseFilePaper.document_id)
        .where(CaseFilePaper.file_id == found.id)
    ).all()
    ordered = sorted(rows, key=lambda row: (row[1] is None, row[1] or "", row[0].document_id))
    for position, row in enumerate(ordered, start=1):
        row[0].position = position
    session.flush()
    audit.append(session, actor, "arrange_file", None, {"file": keeping.full(found)})


def add_rule(
    session: Session, found: CaseFile, doc_type: str, issuer: str, words: str, actor: str
) -> CaseFileRule:
    """A rule of an open file; at least one of the three is given.

    Raises Problem("file_not_open"), Problem("bad_value").
    """
    keeping.demand_open(found)
    kind, body = clean_text("doc_type", doc_type), clean_text("issuer", issuer)
    wanted = " ".join(fold(clean_text("words", words)).split())
    key = (issuer_key(body) or "")[:200] if body else ""
    count = session.scalar(select(func.count()).where(CaseFileRule.file_id == found.id)) or 0
    if not (kind or key or wanted) or count >= MOST_RULES or max(map(len, (kind, body, wanted))) > 100:
        why = f"cần loại, cơ quan hoặc từ trong trích yếu (mỗi ô tối đa 100 ký tự, mỗi hồ sơ {MOST_RULES} quy tắc)"
        raise Problem("bad_value", field="words", value=(words or issuer or doc_type)[:50], why=why)
    if body and not key:
        raise Problem("bad_value", field="issuer", value=body[:50], why="cần tên đầy đủ của một cơ quan")
    row = CaseFileRule(file_id=found.id, doc_type=kind, issuer=body, issuer_key=key, words=wanted, made_by=actor)
    session.add(row)
    session.flush()
    detail = {"file": keeping.full(found), "rule": _describe(row)}
    audit.append(session, actor, "add_file_rule", None, detail)
    return row


def remove_rule(session: Session, rule_id: int, actor: str) -> None:
    """Remove a rule; raises Problem("not_found")."""
    row = session.get(CaseFileRule, rule_id)
    if row is None:
        raise Problem("not_found", what=rule_id)
    found = session.get_one(CaseFile, row.file_id)
    detail = {"file": keeping.full(found), "rule": _describe(row)}
    session.delete(row)
    session.flush()
    audit.append(session, actor, "remove_file_rule", None, detail)


def place_by_rule(session: Session, document: Document, actor: str) -> CaseFile | None:
    """Put a document on record that is in no file into the one open file whose rule it fits.

    None if it fits the rules of no file, or of several: then a person decides.
    """
    if document.status != "accepted" or session.get(CaseFilePaper, document.id) is not None:
        return None
    rules = (
        select(CaseFileRule)
        .join(CaseFile, CaseFile.id == CaseFileRule.file_id)
        .where(CaseFile.state == "open", CaseFile.year == document.year)
    )
    fitting = {rule.file_id for rule in session.scalars(rules) if fits(rule, document)}
    if len(fitting) != 1:
        return None
    found = session.get_one(CaseFile, fitting.pop())
    _append(session, found, document, actor)
    audit.append(session, actor, "file_paper", document.id, {"file": keeping.full(found), "by_rule": True})
    return found


def waiting_for(session: Session, found: CaseFile, by: Groups, most: int) -> list[Document]:
    """Documents on record of the file's year that are in no file and fit a rule of it; as the caller may see."""
    rules = session.scalars(select(CaseFileRule).where(CaseFileRule.file_id == found.id)).all()
    if not rules or found.state != "open":
        return []
    rows = (
        select(Document)
        .outerjoin(CaseFilePaper, CaseFilePaper.document_id == Document.id)
        .where(Document.status == "accepted", Document.year == found.year, CaseFilePaper.document_id.is_(None))
        .where(groups.seen_by(by))
        .order_by(Document.date, Document.id)
        .options(load_only(Document.doc_type, Document.issuer_key, Document.subject))
        .execution_options(yield_per=500)
    )
    fitting: list[Document] = []
    for document in session.scalars(rows):
        if any(fits(rule, document) for rule in rules):
            fitting.append(document)
            if len(fitting) >= most:
                break
    return fitting


def fits(rule: CaseFileRule, document: Document) -> bool:
    """True if a document has the type and issuer of a rule, and all its words in the subject."""
    if rule.doc_type and fold(rule.doc_type) != fold(document.doc_type or ""):
        return False
    if rule.issuer_key and rule.issuer_key != (document.issuer_key or "")[:200]:
        return False
    subject = set(fold(document.subject or "").split())
    return all(word in subject for word in rule.words.split())


def _append(session: Session, found: CaseFile, document: Document, actor: str) -> None:
    last = session.scalar(select(func.max(CaseFilePaper.position)).where(CaseFilePaper.file_id == found.id))
    session.add(
        CaseFilePaper(
            document_id=document.id,
            file_id=found.id,
            position=(last or 0) + 1,
            added_at=utc_now(),
            added_by=actor[:100],
        )
    )
    _touch(document)
    session.flush()


def _touch(document: Document) -> None:
    """Have the index take the document again: its file is searched for."""
    document.revision += 1


def _describe(row: CaseFileRule) -> str:
    return " · ".join(part for part in (row.doc_type, row.issuer, row.words) if part)
