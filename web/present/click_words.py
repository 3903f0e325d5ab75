"""Vietnamese of what click says itself: usage, help and refusals of the command line."""

from __future__ import annotations

import gettext
from types import ModuleType

from click import core, decorators, exceptions, formatting, parser, termui, types

from corpus.errors import Language

_MODULES: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, termui, types)
CLICK_VIETNAMESE = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Positional arguments": "Đối số",
    "Show this message and exit.": "Hiện hướng dẫn này rồi dừng.",
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Gõ «{command} {option}» để xem hướng dẫn.",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "(dynamic)": "(tùy lúc)",
    "deprecated": "sắp bỏ",
    "Aborted!": "Đã dừng.",
    "Missing command.": "Thiếu lệnh.",
    "Missing argument": "Thiếu đối số",
    "Missing option": "Thiếu tùy chọn",
    "Missing parameter": "Thiếu tham số",
    "Missing parameter: {param_name}": "Thiếu tham số: {param_name}",
    "Choose from:\n\t{choices}": "Chọn trong:\n\t{choices}",
    "No such option {name!r}.": "Không có tùy chọn «{name}».",
    "No such command {name!r}.": "Không có lệnh «{name}».",
    "Did you mean {possibility}?": "Có phải {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Có phải một trong: {possibilities}?)",
    "Invalid value: {message}": "Giá trị không hợp lệ: {message}",
    "Invalid value for {param_hint}: {message}": "Giá trị không hợp lệ của {param_hint}: {message}",
    "Got unexpected extra argument ({args})": "Thừa đối số ({args})",
    "Got unexpected extra arguments ({args})": "Thừa đối số ({args})",
    "Option {name!r} does not take a value.": "Tùy chọn «{name}» không nhận giá trị.",
    "Option {name!r} requires an argument.": "Tùy chọn «{name}» cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn «{name}» cần {nargs} giá trị.",
    "Argument {name!r} takes {nargs} values.": "Đối số «{name}» cần {nargs} giá trị.",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị, mới có 1.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị, có {len}.",
    "{value!r} is not {choice}.": "«{value}» không phải {choice}.",
    "{value!r} is not one of {choices}.": "«{value}» không thuộc {choices}.",
    "{value!r} is not a valid {number_type}.": "«{value}» không phải một số.",
    "{value} is not in the range {range}.": "{value} không thuộc khoảng {range}.",
    "{name} {filename!r} does not exist.": "Không có {name} «{filename}».",
    "{name} {filename!r} is a file.": "{name} «{filename}» là tệp.",
    "{name} {filename!r} is a directory.": "{name} «{filename}» là thư mục.",
    "{name} {filename!r} is not readable.": "Không đọc được {name} «{filename}».",
    "{name} {filename!r} is not writable.": "Không ghi được {name} «{filename}».",
    "Could not open file {filename!r}: {message}": "Không mở được tệp «{filename}»: {message}",
    "file": "tệp",
    "directory": "thư mục",
    "path": "đường dẫn",
    "unknown error": "lỗi không rõ",
}
"""Vietnamese by click's own text (its gettext IDs)."""


def speak(language: Language) -> None:
    """Let click's own sentences be in this language from now on; click asks gettext at each call."""
    for module in _MODULES:
        module.__dict__["_"] = _vietnamese if language == "vi" else gettext.gettext
        if "ngettext" in module.__dict__:
            module.__dict__["ngettext"] = _by_count if language == "vi" else gettext.ngettext


def _vietnamese(text: str) -> str:
    return CLICK_VIETNAMESE.get(text, text)


def _by_count(one: str, many: str, count: int) -> str:
    return _vietnamese(one if count == 1 else many)
