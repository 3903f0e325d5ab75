"""Words of the desk that people read: the rule of acceptance, acts on pages, a box read again; English second."""

from __future__ import annotations

ACCEPTANCE = {
    "off": "Không: mỗi văn bản đều do người xác nhận",
    "clear": "Văn bản không có gì phải hỏi",
    "signed": "Chỉ văn bản điện tử có chữ ký số hợp lệ và không có gì phải hỏi",
}
"""Rules of what goes on record without a person."""
IN_QUEUE = {
    "off": "Mỗi văn bản đều do người xác nhận rồi mới vào kho.",
    "clear": "Văn bản không có gì phải hỏi tự động vào kho.",
    "signed": "Văn bản điện tử có chữ ký số hợp lệ và không có gì phải hỏi tự động vào kho; văn bản khác do người xác nhận.",
}
"""The same rules as a sentence on the queue."""
ACTIONS = {
    "acceptance_rule": "đặt việc tự động vào kho",
    "make_of_pages": "lập từ trang của văn bản khác",
    "undo_pages": "hoàn tác việc tách, gộp, xoay trang",
}
DETAILS = {"work": "lần làm trang", "of": "văn bản trước"}
RULE_NAMES = {"off": "không", "clear": "không có gì phải hỏi", "signed": "điện tử, có chữ ký số"}
"""Rules of acceptance in a row of the trail."""
ENGLISH = {
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
    "lần làm trang": "act on pages",
    "văn bản trước": "documents before",
    "Xoay, tách, gộp, sắp xếp trang": "Turn, split, merge, reorder pages",
    "Gộp": "Merge",
    "Xoay": "Turn",
    "Tách": "Split",
    "Sắp xếp trang": "Reorder pages",
    "Lên": "Earlier",
    "Xuống": "Later",
    "Thứ tự": "Place",
    "Thôi": "Cancel",
    "Bản gốc không bị sửa: máy lập văn bản mới từ các trang này, đọc lại từ đầu, còn văn bản cũ được gỡ khỏi kho và giữ nguyên tệp. Hoàn tác được.": "The original is not changed: new documents are made of these pages and read from the start; the old one is withdrawn and its file kept. This can be undone.",
    "Tệp có chữ ký số: văn bản mới không mang chữ ký số, chỉ bản gốc còn.": "The file is signed: the new documents bear no digital signature, only the original does.",
    "Gộp với văn bản (số hoặc mã)": "Merge with document (number or ID)",
    "Tách: văn bản mới từ trang này": "Split: a new document from this page on",
    "Bỏ trang này": "Leave this page out",
    "Lập văn bản mới": "Make the new documents",
    "quét ngược, nằm ngang": "scanned upside down or sideways",
    "hai văn bản trong một tệp": "two papers in one file",
    "một văn bản bị quét rời": "one paper in several scans",
    "sai thứ tự trang": "pages in the wrong order",
    "trang trắng, trang thừa": "blank or superfluous pages",
    "Đã lập văn bản mới, đang đọc": "New documents made, being read",
    "Đã hoàn tác; văn bản trở lại hàng chờ": "Undone; back in the queue",
    "Lập từ các trang của": "Made of the pages of",
    "Các trang đã thành": "Its pages became",
    "Hoàn tác việc đổi trang": "Undo the act on pages",
    "Không: mỗi văn bản đều do người xác nhận": "No: a person confirms each document",
    "Văn bản không có gì phải hỏi": "Documents without any question",
    "Chỉ văn bản điện tử có chữ ký số hợp lệ và không có gì phải hỏi": "Only born-digital documents with valid signatures and without any question",
    "Tự động vào kho": "On record without a person",
    "Bảng": "Table",
    "Cột": "Column",
    "Dòng": "Row",
    "Mã băm": "Hash",
    "Mã văn bản kia": "ID of the other document",
    "Văn bản kia": "Other document",
    "Trang ở văn bản kia": "Page of the other document",
    "Đã xem xét vì": "Looked into because",
    "Còn lại": "Left",
    "Làm với các văn bản đã chọn": "With the chosen documents",
    "Lý do gỡ khỏi kho": "Reason for withdrawing",
    "Gỡ các văn bản đã chọn khỏi kho": "Withdraw the chosen documents",
    "Mỗi văn bản có một dòng nhật ký riêng; khôi phục từng văn bản ở": "Each document has a row of its own in the trail; bring one back at",
    "Đã gỡ khỏi kho": "Withdrawn",
    "Mỗi văn bản đều do người xác nhận rồi mới vào kho.": "A person confirms each document before it goes on record.",
    "Văn bản không có gì phải hỏi tự động vào kho.": "Documents without a question go on record by themselves.",
    "Văn bản điện tử có chữ ký số hợp lệ và không có gì phải hỏi tự động vào kho; văn bản khác do người xác nhận.": "Digital documents with valid signatures and without a question go on record by themselves; a person confirms the others.",
    "Văn bản mới đọc xong vào kho ngay, không chờ người xác nhận. Văn bản có điều phải hỏi, trùng số hoặc giới hạn người xem luôn chờ người xác nhận.": "A document goes on record as soon as it is read. One with a question, a number that another has, or a limit to groups always waits for a person.",
    "Áp dụng cho văn bản đọc lần đầu từ lúc lưu; văn bản đang chờ kiểm tra vẫn chờ.": "It holds for documents read for the first time from now on; those that wait go on waiting.",
    "Đã lưu việc tự động vào kho": "Saved what goes on record without a person",
    "Tệp quét liền nhiều văn bản": "A file with many papers",
    "không tách": "not taken apart",
    "tách ở trang trắng (quét một mặt)": "apart at blank pages (one-sided scans)",
    "tách ở tờ ngăn có mã": "apart at separating sheets with a code",
    "Tải tờ ngăn để in": "Separating sheet to print",
    "Đọc trong ô": "Read in the box",
    "Không đọc được gì trong ô đã khoanh.": "Nothing was read in the box.",
    "Kéo chuột khoanh vùng trên trang để nhận dạng lại ô đang chọn; Esc lấy lại giá trị cũ.": "Draw a box on the page to read it for the chosen field; Esc takes the old value back.",
    "Đặt bởi": "Set by",
    "Đổi": "Change",
}
