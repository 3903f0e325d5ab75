"""Jobs under leases: background work that survives crashes, in the database and transaction of its document.

Functions on a session; corpus.records commits. A job is claimed for a time and kept by heartbeats; after its lease
has run out anybody may claim it again. The owner's name together with the attempt is the fencing token: writes of
an owner whose lease went to another are refused. A job whose workers keep dying fails after `max_attempts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Session

from corpus.database.connection import moment
from corpus.database.models import Job

_LONGEST_DELAY = timedelta(hours=1)
"""Longest delay of a job; a later `run_at` or lease means that a clock was set back, and delays nothing."""


@dataclass(frozen=True, slots=True)
class JobLease:
    """A job leased to us; `owner` and `attempt` are the fencing token."""

    id: int
    kind: str
    document_id: int | None
    args: dict[str, Any]
    owner: str
    attempt: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """Number of jobs by state, and the age of the oldest that is due, in seconds."""

    counts: dict[str, int]
    oldest_seconds: float


def enqueue(
    session: Session,
    kind: str,
    document_id: int | None = None,
    *,
    args: dict[str, Any] | None = None,
    dedupe_key: str | None = None,
    priority: int = 0,
) -> Job:
    """Add a job, or return the waiting or running one with the same dedupe_key."""
    if dedupe_key is not None:
        present = session.scalars(select(Job).where(Job.dedupe_key == dedupe_key)).first()
        if present is not None:
            return present
    now = moment(session)
    job = Job(
        kind=kind,
        document_id=document_id,
        args=args or {},
        dedupe_key=dedupe_key,
        priority=priority,
        run_at=now,
        created_at=now,
        state="queued",
    )
    session.add(job)
    session.flush()
    return job


def claim(session: Session, owner: str, kinds: Sequence[str], lease_seconds: int) -> JobLease | None:
    """Claim the next job that is due or whose worker stopped its heartbeats; None if there is none."""
    now = moment(session)
    due = select(Job).where(Job.kind.in_(kinds), or_(_is_due(now), _is_lost(now)))
    job = session.scalars(
        due.order_by(Job.priority.desc(), Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state, job.owner = "running", owner
    job.attempts += 1
    job.lease_until = now + timedelta(seconds=lease_seconds)
    job.started_at = now
    job.progress, job.error = None, None
    session.flush()
    return JobLease(job.id, job.kind, job.document_id, dict(job.args), owner, job.attempts)


def has_poisoned(session: Session, kinds: Sequence[str], max_attempts: int) -> bool:
    """True if `poisoned` would find a job; takes no lock."""
    lost = select(Job.id).where(Job.kind.in_(kinds), _is_lost(moment(session)), Job.attempts >= max_attempts)
    return session.scalars(lost.limit(1)).first() is not None


def poisoned(session: Session, kinds: Sequence[str], max_attempts: int) -> list[Job]:
    """Fail the jobs whose workers died `max_attempts` times, and return them."""
    lost = select(Job).where(Job.kind.in_(kinds), _is_lost(moment(session)), Job.attempts >= max_attempts)
    jobs = list(session.scalars(lost.with_for_update(skip_locked=True)))
    for job in jobs:
        _close(job, "failed", moment(session), f"{job.attempts} workers died on it")
    return jobs


def heartbeat(session: Session, lease: JobLease, lease_seconds: int) -> bool:
    """Prolong a lease; False if the job belongs to another worker by now."""
    until = moment(session) + timedelta(seconds=lease_seconds)
    return _touch(session, lease, lease_until=until)


def progress(session: Session, lease: JobLease, stage: str, page: int, pages: int) -> bool:
    """Note the progress of the work; False if the job belongs to another worker by now."""
    return _touch(session, lease, progress={"stage": stage, "page": page, "pages": pages})


def is_ours(session: Session, lease: JobLease) -> bool:
    """True if the job is still leased to this owner and attempt; locks its row on PostgreSQL until the end."""
    mine = select(Job.id).where(*_fence(lease)).with_for_update()
    return session.scalars(mine).first() is not None


def expire(session: Session, is_dead: Callable[[str], bool]) -> int:
    """End the leases of owners known to be dead before they run out; return their number."""
    running = session.scalars(select(Job).where(Job.state == "running")).all()
    lost = [job.id for job in running if is_dead(job.owner or "")]
    session.execute(
        update(Job).where(Job.id.in_(lost), Job.state == "running").values(lease_until=moment(session))
    )
    return len(lost)


def has_due(session: Session, kinds: Sequence[str]) -> bool:
    """True if `claim` would find a job; takes no lock."""
    now = moment(session)
    due = select(Job.id).where(Job.kind.in_(kinds), or_(_is_due(now), _is_lost(now)))
    return session.scalars(due.limit(1)).first() is not None


def finish(session: Session, lease: JobLease) -> bool:
    """Mark a job as done; False if it belongs to another worker by now."""
    return _touch(session, lease, state="done", **_end_values(moment(session)))


def fail(session: Session, lease: JobLease, error: str) -> bool:
    """Mark a job as failed for good, with a reason; False if it belongs to another worker by now."""
    return _touch(session, lease, state="failed", error=error, **_end_values(moment(session)))


def give_back(session: Session, lease: JobLease, *, delay_seconds: float = 0, error: str | None = None) -> bool:
    """Put a job back into the queue without counting this attempt;
    False if it belongs to another worker by now.
    """
    run_at = moment(session) + timedelta(seconds=delay_seconds)
    return _touch(
        session, lease, state="queued", owner=None, lease_until=None, run_at=run_at, error=error,
        progress=None, attempts=lease.attempt - 1,
    )  # fmt: skip


def cancel(session: Session, document_id: int, reason: str) -> None:
    """Close a document's waiting and running jobs; their workers lose their leases."""
    open_jobs = select(Job).where(Job.document_id == document_id, Job.state.in_(("queued", "running")))
    for job in session.scalars(open_jobs):
        _close(job, "failed", moment(session), reason)


def state(session: Session) -> QueueState:
    """State of the queue."""
    found = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    counts = {row[0]: row[1] for row in found}
    now = moment(session)
    oldest = session.scalar(select(func.min(Job.run_at)).where(_is_due(now)))
    return QueueState(counts, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)


def _is_due(now: datetime) -> Any:
    return and_(Job.state == "queued", or_(Job.run_at <= now, Job.run_at > now + _LONGEST_DELAY))


def _is_lost(now: datetime) -> Any:
    return and_(Job.state == "running", or_(Job.lease_until <= now, Job.lease_until > now + _LONGEST_DELAY))


def _fence(lease: JobLease) -> tuple[Any, ...]:
    return (Job.id == lease.id, Job.state == "running", Job.owner == lease.owner, Job.attempts == lease.attempt)


def _touch(session: Session, lease: JobLease, **values: Any) -> bool:
    done = session.execute(update(Job).where(*_fence(lease)).values(**values))
    return isinstance(done, CursorResult) and done.rowcount == 1


def _end_values(now: datetime) -> dict[str, Any]:
    return {"lease_until": None, "finished_at": now, "dedupe_key": None}


def _close(job: Job, state: str, now: datetime, error: str) -> None:
    job.state, job.error = state, error
    job.lease_until, job.finished_at, job.dedupe_key = None, now, None
