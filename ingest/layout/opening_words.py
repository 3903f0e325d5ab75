"""Words that begin the parts below a head, in folded letters as OCR leaves them: `V/v`, `Kính gửi`, the body."""

from __future__ import annotations

import re

VV = re.compile(r"^\W{0,3}[vy]\s?[/il|.,]\s?[vy]\b[\s.:,/_-]*|^\W{0,3}[vy]/\s?[vy]?\s")
TO = re.compile(r"(?:^|\s)\W{0,3}[kt][il][nm]h\s?g[uư][ir1l]\b\s?[:;.]?|\bkinh gui\b\s?[:;.]?")
BODY = re.compile(
    r"^\W*(?:can cu|dieu \d|noi nhan|kinh gui|i\s?[.)/]|phan (?:i|1|thu nhat)\b|a\s?[.)]"
    r"|1\s?[.)]\s?\w|xet |theo de nghi|\(?kem theo|\(?ban hanh kem)"
)
SENTENCE_END = re.compile(r"[.;:]\s*$")
