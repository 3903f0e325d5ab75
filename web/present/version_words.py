"""Texts of the versions of a file and of files viewed in the browser: acts of the trail, and their English."""

from __future__ import annotations

ACTIONS = {
    "put_version": "gửi tệp mới của văn bản",
    "version_refused": "không nhận tệp mới của văn bản",
}
DETAILS = {"version": "phiên bản tệp", "keep_values": "giữ giá trị"}

VERSION_STATES = {
    "waiting": "đang chờ đọc",
    "shown": "đang dùng",
    "kept": "đã thay, còn giữ",
    "failed": "không đọc được",
    "refused": "bị từ chối vì dấu mật",
}
"""States of a version (corpus.database.version_tables)."""

ENGLISH = {
    "Xem tệp gốc": "View the original file", "Phiên bản tệp": "Versions of the file", "Phiên bản": "Version", "Tải": "Download", "trang đã đọc": "pages read",
    "Thay bằng tệp khác của cùng văn bản": "Put in another file of the same paper",
    "Bản quét rõ hơn hoặc tệp đã sửa lỗi. Tệp cũ được giữ, xem và dùng lại được. Tệp mới chỉ thay tệp cũ sau khi qua kiểm tra dấu mật và đọc xong.": "A better scan or a corrected file. The old file is kept and can be viewed and put back. The new one takes its place once it has passed the secrecy check and was read.",
    "Tệp mới": "New file", "Giá trị trong kho": "Values of the record", "Giữ nguyên giá trị đã có": "Keep the values as they are",
    "Đọc lại, chỗ nào khác thì hỏi": "Read again, and ask where the new file differs", "Gửi tệp mới": "Send the new file",
    "Tệp mới đang chờ đọc. Đợi đọc xong rồi mới gửi tệp khác.": "A new file waits to be read; another can be sent after that.",
    "Dùng lại phiên bản này": "Put this version back", "Tệp này không mật, vì (chỉ ghi khi tệp từng bị từ chối nhầm)": "This file is not classified, because (only if it was refused by mistake)",
    "Đã nhận tệp mới: đang kiểm tra dấu mật và đọc.": "The new file is taken: it is checked for secrecy marks and read.",
    **{words: code for code, words in VERSION_STATES.items()},
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
    **{words: code.replace("_", " ") for code, words in DETAILS.items()},
}  # fmt: skip
