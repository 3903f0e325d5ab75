"""Walls of the reading child in force on this machine, a plain line each."""

from __future__ import annotations

from corpus.errors import Language
from ingest.sandbox.confinement import Confinement

_NETWORK = {
    "filter": ("không có (bộ lọc seccomp)", "none (seccomp filter)"),
    "namespace": ("không có (không gian mạng riêng)", "none (a network namespace of its own)"),
    "none": ("KHÔNG chặn được trên máy này", "NOT shut off on this machine"),
}


def lines(found: Confinement, language: Language) -> tuple[str, ...]:
    """Sentences about network, files, privileges and session of the child; what this kernel lacks is no fault."""
    vi = language == "vi"
    if found.files:
        files = (
            f"chỉ tệp đang đọc và thư mục tạm (Landlock {found.files})"
            if vi
            else f"its own only (Landlock {found.files})"
        )
    else:
        files = "KHÔNG giới hạn được trên máy này" if vi else "NOT limited on this machine"
    yes, no = (
        ("không thể nâng", "KHÔNG khóa được trên máy này") if vi else ("can't rise", "NOT locked on this machine")
    )
    kept, free = ("kết thúc cùng", "có thể còn sót") if vi else ("ends with it", "may outlive it")
    who = "Tiến trình đọc" if vi else "Reading child"
    return (
        f"{who}: {'mạng' if vi else 'network'} – {_NETWORK[found.network][0 if vi else 1]}.",
        f"{who}: {'tệp' if vi else 'files'} – {files}.",
        f"{who}: {'quyền' if vi else 'privileges'} – {yes if found.privileges else no}.",
        f"{who}: {'tiến trình nó mở' if vi else 'what it starts'} – {kept if found.session else free}.",
    )
