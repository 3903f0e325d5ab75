"""The audit trail: a hash chain of rows, its seals outside the database, sealed records,
the check of all three.
"""

from __future__ import annotations

from corpus.audit.chain import GENESIS, PURGED, AuditFault, Seal, append, head, purge, salted, seal_file, verify

__all__ = [
    "GENESIS",
    "PURGED",
    "AuditFault",
    "Seal",
    "append",
    "head",
    "purge",
    "salted",
    "seal_file",
    "verify",
]
