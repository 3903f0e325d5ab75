"""Texts of share links: acts and details of the trail, and their English."""

from __future__ import annotations

ACTIONS = {
    "share": "lập đường dẫn chia sẻ",
    "end_share": "hủy đường dẫn chia sẻ",
    "open_share": "mở đường dẫn chia sẻ",
}
DETAILS = {"share": "đường dẫn chia sẻ", "purpose": "mục đích"}

ENGLISH = {
    "Đường dẫn chia sẻ": "Share links", "Lập đường dẫn chia sẻ": "Make a share link", "Lập đường dẫn": "Make the link", "Hủy đường dẫn": "End the link",
    "(không ghi mục đích)": "(no purpose given)", "lập lúc": "made", "mở được đến": "opens until", "số lần mở": "openings", "mở gần nhất": "last opened",
    "Văn bản giới hạn cho nhóm không chia sẻ được bằng đường dẫn.": "A document limited to groups can't be shared by a link.",
    "Ai có đường dẫn đều xem và tải được riêng văn bản này mà không cần tài khoản, cho đến khi hết hạn hoặc bị hủy.": "Whoever has the link can view and download this document alone, without an account, until it expires or is ended.",
    "Số ngày (1 đến 90)": "Days (1 to 90)", "Mục đích (không bắt buộc)": "Purpose (optional)",
    "Đã lập đường dẫn. Chép lại ngay: đường dẫn chỉ hiện lần này.": "The link is made. Copy it now: it is shown this once.",
    "Đã hủy đường dẫn chia sẻ.": "The share link is ended.", "Về văn bản": "Back to the document", "Đường dẫn không còn dùng được": "This link opens no more",
    "Văn bản được chia sẻ": "Shared document", "Văn bản chưa có số": "Document without number", "Văn bản này không có ảnh trang: tải bản gốc để xem.": "There are no pictures of its pages: download the original to view it.",
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
    **{words: code for code, words in DETAILS.items()},
}  # fmt: skip
