"""Program that converts a document to DOCX by LibreOfficeKit.

Arguments: library, document, DOCX to write, folder of the profile. Structures are those of LibreOfficeKit.h, whose
functions keep their order from version to version. It imports nothing of the project: it runs by itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


class _Office(ctypes.Structure):
    """struct _LibreOfficeKit"""


class _Document(ctypes.Structure):
    """struct _LibreOfficeKitDocument"""


_OfficeAt, _DocumentAt = ctypes.POINTER(_Office), ctypes.POINTER(_Document)
_TEXT = ctypes.c_char_p


class _OfficeClass(ctypes.Structure):
    """struct _LibreOfficeKitClass, as far as it is used"""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _OfficeAt)),
        ("load", ctypes.CFUNCTYPE(_DocumentAt, _OfficeAt, _TEXT)),
    )


class _DocumentClass(ctypes.Structure):
    """struct _LibreOfficeKitDocumentClass, as far as it is used"""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _DocumentAt)),
        ("save_as", ctypes.CFUNCTYPE(ctypes.c_int, _DocumentAt, _TEXT, _TEXT, _TEXT)),
    )


_Office._fields_ = (("functions", ctypes.POINTER(_OfficeClass)),)
_Document._fields_ = (("functions", ctypes.POINTER(_DocumentClass)),)


def convert(library: Path, source: Path, target: Path, profile: Path) -> bool:
    """True if the document was read and written."""
    hook = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
    hook.restype, hook.argtypes = _OfficeAt, (_TEXT, _TEXT)
    office = hook(str(library.parent).encode(), profile.as_uri().encode())
    if not office:
        return False
    document = office.contents.functions.contents.load(office, source.as_uri().encode())
    if not document:
        return False
    return bool(document.contents.functions.contents.save_as(document, target.as_uri().encode(), b"docx", None))


if __name__ == "__main__":
    done = convert(*map(Path, sys.argv[1:5]))
    # LibreOffice's threads never end by themselves.
    os._exit(0 if done else 1)
