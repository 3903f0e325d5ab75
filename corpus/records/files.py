"""Files (hồ sơ) and copies: each change is one transaction; papers leave an audit row each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from corpus import audit
from corpus.access.groups import Groups
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.files import copies, destruction, keeping, placing
from corpus.records.removal import erase, purge_bytes
from corpus.records.transaction import locked_document, transaction

MOST_AT_ONCE = 1000
"""Documents put into a file in one transaction."""


def add_file(store: Store, year: int, values: Mapping[str, Any], actor: str) -> int:
    """Make a file of the year's list; return its ID. Raises as `keeping.add` does."""
    with transaction(store) as session:
        return keeping.add(session, year, values, actor).id


def change_file(store: Store, file_id: int, values: Mapping[str, Any], actor: str, revision: int | None) -> None:
    """Change what is written about an open file. Raises as `keeping.change` does."""
    with transaction(store) as session:
        keeping.change(session, keeping.file(session, file_id), values, revision, actor)


def close_file(store: Store, file_id: int, day: str, actor: str, revision: int | None = None) -> None:
    """Close a file. Raises as `keeping.close` does."""
    with transaction(store) as session:
        keeping.close(session, keeping.file(session, file_id), day, revision, actor)


def reopen_file(store: Store, file_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Open a closed file again, with the reason. Raises as `keeping.reopen` does."""
    with transaction(store) as session:
        keeping.reopen(session, keeping.file(session, file_id), reason, revision, actor)


def retain_file(
    store: Store, file_id: int, years: object, reason: str, actor: str, revision: int | None = None
) -> None:
    """Set another retention for a closed file, with the reason. Raises as `keeping.retain` does."""
    with transaction(store) as session:
        keeping.retain(session, keeping.file(session, file_id), years, reason, revision, actor)


def submit_files(store: Store, file_ids: Sequence[int], day: str, receiver: str, actor: str) -> int:
    """Hand closed files over to the archive, all or none; return their number. Raises as `keeping.submit` does."""
    chosen = sorted(set(file_ids))
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        why = f"cần chọn từ 1 đến {MOST_AT_ONCE} hồ sơ"
        raise Problem("bad_value", field="files", value=str(len(chosen)), why=why)
    with transaction(store) as session:
        for file_id in chosen:
            keeping.submit(session, keeping.file(session, file_id), day, receiver, actor)
    return len(chosen)


def put_papers(store: Store, file_id: int, ids: Collection[int], actor: str, *, move: bool = False) -> int:
    """Put documents into a file, all or none; return the number of those that were not in it.

    Raises as `placing.put` does.
    """
    if len(ids) > MOST_AT_ONCE:
        why = f"mỗi lần tối đa {MOST_AT_ONCE} văn bản"
        raise Problem("bad_value", field="files", value=str(len(ids)), why=why)
    with transaction(store) as session:
        found = keeping.file(session, file_id)
        chosen = dict.fromkeys(ids)
        return sum(placing.put(session, found, locked_document(session, one), actor, move=move) for one in chosen)


def take_out_paper(store: Store, document_id: int, actor: str) -> None:
    """Take a document out of its open file. Raises as `placing.take_out` does."""
    with transaction(store) as session:
        placing.take_out(session, locked_document(session, document_id), actor)


def arrange_file(store: Store, file_id: int, actor: str) -> None:
    """Number the papers of an open file by their days. Raises Problem("file_not_open")."""
    with transaction(store) as session:
        placing.arrange(session, keeping.file(session, file_id), actor)


def add_file_rule(store: Store, file_id: int, doc_type: str, issuer: str, words: str, actor: str) -> int:
    """Add a rule to an open file; return its ID. Raises as `placing.add_rule` does."""
    with transaction(store) as session:
        return placing.add_rule(session, keeping.file(session, file_id), doc_type, issuer, words, actor).id


def remove_file_rule(store: Store, rule_id: int, actor: str) -> None:
    """Remove a rule; raises Problem("not_found")."""
    with transaction(store) as session:
        placing.remove_rule(session, rule_id, actor)


def apply_file_rules(store: Store, file_id: int, actor: str, by: Groups) -> int:
    """Put what fits the rules of a file and is in none into it, as far as the caller sees; return the number."""
    # Looked for outside the transaction: a year's documents must not keep the other writers waiting.
    with store.db.reading() as session:
        found = keeping.file(session, file_id)
        keeping.demand_open(found)
        fitting = [one.id for one in placing.waiting_for(session, found, by, MOST_AT_ONCE)]
    with transaction(store) as session:
        found = keeping.file(session, file_id)
        return sum(placing.put_free(session, found, locked_document(session, one), actor) for one in fitting)


def propose_destruction(store: Store, file_ids: Sequence[int], reason: str, actor: str) -> int:
    """Propose files whose retention is over for destruction; return the list's ID.

    Raises as `destruction.propose` does.
    """
    with transaction(store) as session:
        return destruction.propose(session, file_ids, reason, actor).id


def consent_destruction(store: Store, list_id: int, name: str) -> None:
    """Note the consent of an account whose owner has proved to be there. Raises as `destruction.consent` does."""
    with transaction(store) as session:
        destruction.consent(session, list_id, name)


def drop_destruction(store: Store, list_id: int, reason: str, actor: str) -> None:
    """Drop a proposal, with the reason. Raises as `destruction.drop` does."""
    with transaction(store) as session:
        destruction.drop(session, list_id, reason, actor)


def destroy_files(store: Store, list_id: int, actor: str) -> int:
    """Destroy the files of a list that two people agreed to, one transaction a file; return their number.

    Each document is purged as a classified one is: record, text, pictures, bytes, details of its trail; its hash
    and the row that orders it stay. Run again after an interruption it goes on where it was. Raises
    Problem("consent_missing"), ("list_changed"), ("list_settled"), ("not_due"), ("not_found").
    """
    count = 0
    while (papers := _destroy_next(store, list_id, actor)) is not None:
        for document_id in papers:
            purge_bytes(store, document_id)
        count += 1
    with transaction(store) as session:
        destruction.done(session, list_id, actor)
    return count


def make_copy(store: Store, document_id: int, values: Mapping[str, Any], actor: str) -> int:
    """Make a copy of a document on record, with the next number; return its ID. Raises as `copies.make` does."""
    with transaction(store) as session:
        return copies.make(session, locked_document(session, document_id), values, actor).id


def cancel_copy(store: Store, copy_id: int, reason: str, actor: str) -> None:
    """Cancel a copy, with the reason. Raises as `copies.cancel` does."""
    with transaction(store) as session:
        copies.cancel(session, copy_id, reason, actor)


def _destroy_next(store: Store, list_id: int, actor: str) -> list[int] | None:
    """Destroy one file in one transaction; return its documents, None when no file is left."""
    with transaction(store) as session:
        found = destruction.next_file(session, list_id)
        if found is None:
            return None
        papers = destruction.papers_of(session, found.id)
        for document_id in papers:
            _destroy_document(session, document_id, list_id, actor)
        destruction.destroyed(session, found, list_id, len(papers), actor)
    return papers


def _destroy_document(session: Session, document_id: int, list_id: int, actor: str) -> None:
    document = locked_document(session, document_id)
    purged = erase(session, document, Problem("destroyed", name=document.sha256[:12], list=list_id))
    detail = {"code": "destroyed", "sha256": document.sha256, "purged_rows": purged, "list": list_id}
    audit.append(session, actor, "destroy", document_id, detail)
