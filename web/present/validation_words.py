"""Vietnamese of what pydantic says of a wrong setting or parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.errors import Language

_WORDS = {
    "missing": "bắt buộc phải có",
    "extra_forbidden": "không có mục này",
    "int_type": "cần là số nguyên",
    "int_parsing": "cần là số nguyên",
    "int_from_float": "cần là số nguyên",
    "int_parsing_size": "số quá lớn",
    "float_type": "cần là một số",
    "float_parsing": "cần là một số",
    "finite_number": "cần là một số có hạn",
    "bool_type": "cần là true hoặc false",
    "bool_parsing": "cần là true hoặc false",
    "string_type": "cần là chữ",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_pattern_mismatch": "không đúng dạng",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "nhỏ nhất là {ge}",
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "lớn nhất là {le}",
    "literal_error": "chỉ có: {expected}",
    "enum": "chỉ có: {expected}",
    "list_type": "cần là danh sách",
    "too_short": "cần ít nhất {min_length} mục",
    "too_long": "nhiều quá {max_length} mục",
    "dict_type": "cần là một đối tượng JSON",
    "model_type": "cần là một đối tượng JSON",
    "model_attributes_type": "cần là một đối tượng JSON",
    "json_invalid": "JSON không hợp lệ",
    "date_from_datetime_parsing": "cần là ngày",
    "date_parsing": "cần là ngày",
    "datetime_parsing": "cần là thời điểm",
    "path_type": "cần là đường dẫn",
    "none_required": "phải để trống",
}
"""By pydantic's type of error; names in braces are of its context."""


def words(error: Mapping[str, Any], language: Language) -> str:
    """The reason of one error of pydantic; a validator of our own has its sentence already."""
    own: str = error["msg"].removeprefix("Value error, ")
    known = _WORDS.get(error["type"])
    if language == "en" or known is None:
        return own
    return known.format_map({name: str(part).replace(" or ", ", ") for name, part in error.get("ctx", {}).items()})
