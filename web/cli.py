"""The command `vanban`: its commands, each loaded only when called, and the one handler of failures."""

from __future__ import annotations

import codecs
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from corpus.errors import Language, Problem
from web.present import click_words, command_words


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: the place of its click object, and its purpose in both languages."""

    where: str
    vi: str
    en: str


COMMANDS: dict[str, Entry] = {
    "read": Entry("read:read", "đọc tệp thành bản ghi, không lưu", "read files into a Reading; stores nothing"),
    "ingest": Entry("ingest:ingest", "nhận tệp, thư mục, ZIP vào kho", "take files, folders, ZIPs into the store"),
    "import": Entry(
        "importing:import_", "chuyển kho của phần mềm khác sang", "take over the archive of another program"
    ),
    "search": Entry("search:search", "tìm văn bản", "search the store"),
    "cites": Entry("cites:cites", "văn bản viện dẫn gì, được ai viện dẫn", "citations of a document, out and in"),
    "cite": Entry("cite:cite", "sửa viện dẫn bằng tay: thêm, định, bỏ, hoàn tác", "mend citations by hand"),
    "report": Entry(
        "report:report", "báo cáo kiểm tra văn bản, có ảnh bằng chứng", "a report of one check, with evidence"
    ),
    "wanted": Entry("cites:wanted", "văn bản được viện dẫn mà chưa có", "documents cited but not held"),
    "evaluate": Entry("evaluate:evaluate", "chấm điểm việc đọc trên bản quét có đáp án", "score the reading"),
    "learn": Entry("learn:learn", "học nét chữ số của cơ quan", "learn the office's own hands"),
    "serve": Entry("serve:serve", "mở trang web", "run the web service"),
    "work": Entry("work:work", "chạy bộ đọc nền", "run the worker"),
    "reindex": Entry("reindex:reindex", "dựng lại chỉ mục tìm kiếm", "rebuild the search index"),
    "check": Entry("check:check", "kiểm tra tình trạng kho", "check the store's health"),
    "data": Entry("data:data", "bảng dữ liệu: kiểm tra", "the authority tables: check them"),
    "upgrade": Entry("check:upgrade", "nâng cấp kho lên phiên bản này", "upgrade the store to this version"),
    "user": Entry("user:user", "tài khoản", "accounts"),
    "group": Entry("group:group", "nhóm và văn bản chỉ nhóm được thấy", "groups, and what only they may see"),
    "file": Entry("destruction:file", "hồ sơ: danh mục, văn bản, nộp lưu, tiêu hủy", "files: list, papers, end"),
    "copy": Entry("copy:copy", "bản sao: sao y, sao lục, trích sao", "copies with numbers of their own"),
    "version": Entry("version:version", "phiên bản tệp của văn bản", "versions of a document's file"),
    "own": Entry(
        "own:own", "cơ quan mà kho giữ đủ văn bản", "the bodies whose papers the archive keeps as its own"
    ),
    "register": Entry(
        "register:register",
        "sổ văn bản: cấp số, giữ số, hủy, in",
        "registers: give, reserve, cancel, print numbers",
    ),
    "handover": Entry(
        "handover:handover", "chuyển xử lý, hạn, ý kiến, ủy quyền", "papers handed over, deadlines, notes"
    ),
    "backup": Entry("backup:backup", "sao lưu cả kho vào một tệp", "back the store up into one file"),
    "restore": Entry("backup:restore", "phục hồi vào kho trống", "restore into an empty store"),
    "export": Entry("export:export", "xuất danh sách và đồ thị viện dẫn", "export lists and the citation graph"),
    "watch": Entry("watch:watch", "nhận tệp mới xuất hiện trong thư mục", "take files that appear in a folder"),
    "hooks": Entry("hooks:hooks", "báo văn bản vào kho cho chương trình khác", "tell other programs of records"),
    "mail": Entry("mail:mail", "nhận thư của một hộp thư, tệp kèm thành văn bản", "take the mails of a mailbox"),
    "statistics": Entry(
        "statistics:statistics", "thống kê theo tháng, loại, cơ quan, đơn vị", "numbers of a period"
    ),
    "audit": Entry("audit:audit", "nhật ký kiểm toán", "the audit trail"),
    "completion": Entry("manual:completion", "gõ tắt lệnh cho bash, zsh, fish", "completion for bash, zsh, fish"),
    "manual": Entry("manual:manual", "trang hướng dẫn (man)", "the man page"),
    "samples": Entry("samples:samples", "nạp văn bản mẫu", "load the sample documents"),
}


def language() -> Language:
    """Language of messages before any settings are read."""
    return "en" if os.environ.get("VANBAN_LANG") == "en" else "vi"


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Switch off garbage collection while modules are imported: it takes a tenth of a command's start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class _Commands(click.Group):
    """Commands looked up in the table, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, name = entry.where.split(":")
        with _no_garbage_collection():
            command = getattr(importlib.import_module(f"web.commands.{module}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table and the modules are both ours
        return command_words.in_english(command) if language() == "en" else command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        english = language() == "en"
        with formatter.section("Commands" if english else "Lệnh"):
            formatter.write_dl([(name, entry.en if english else entry.vi) for name, entry in COMMANDS.items()])


@click.version_option(
    package_name="vanban",
    prog_name="vanban",
    message="%(prog)s %(version)s",
    help="Hiện phiên bản rồi dừng.",
)
@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def vanban() -> None:
    """Kho văn bản của cơ quan: đọc bản quét, tìm kiếm, theo dấu viện dẫn."""


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Escape characters that an output's encoding lacks as JSON does (`\\u1ea1`), so that nothing is lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end


def _print_everything() -> None:
    """Make stdout and stderr escape characters that their encoding lacks, if it has no Vietnamese."""
    codecs.register_error("vanban", _escape)
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        if encoding not in ("utf8", "utf16", "utf32", "") and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="vanban")


def main() -> None:
    """Entry point; a Problem becomes its sentence and exit code, a closed pipe ends quietly."""
    # Pages run in parallel: threads of BLAS would only wait, at twice the CPU. Read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Store, index, backups, exports: nobody else on the machine may read what a command writes, by hand or from
    # cron.
    os.umask(0o077)
    _print_everything()
    click_words.speak(language())
    try:
        (command_words.in_english(vanban) if language() == "en" else vanban)(standalone_mode=False)
    except Problem as problem:
        click.echo(problem.message(language()), err=True)
        sys.exit(problem.fault.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output is gone; python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
