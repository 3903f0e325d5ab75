"""Texts of tags and of the office's own fields: acts and details of the trail, and their English."""

from __future__ import annotations

ACTIONS = {
    "add_tag": "thêm nhãn",
    "change_tag": "sửa nhãn",
    "remove_tag": "bỏ nhãn",
    "tag": "gắn nhãn",
    "untag": "gỡ nhãn",
    "add_own_field": "thêm trường riêng",
    "change_own_field": "sửa trường riêng",
    "end_own_field": "ngừng dùng trường riêng",
    "resume_own_field": "dùng lại trường riêng",
    "own_value": "ghi trường riêng",
    "undo_own_value": "hoàn tác trường riêng",
}
DETAILS = {"tag": "nhãn", "colour": "màu", "field": "trường", "kind": "kiểu", "count": "số lượng"}

ENGLISH = {
    "Tải SVG": "Download SVG", "Tải PNG": "Download PNG",
    "Ẩn ảnh nhỏ": "Hide small pictures", "Hiện ảnh nhỏ": "Show small pictures", "Đối chiếu": "Compare", "Ảnh trang": "Picture of page",
    "Bản giấy và nội dung nhận dạng": "The paper and what was read of it", "Không có chữ nào được đọc.": "Nothing was read.", "Nội dung nhận dạng": "Text read of page",
    "Nhãn": "Tags", "Tên nhãn": "Name of the tag", "Màu": "Colour", "Thêm nhãn": "Add a tag", "Bỏ nhãn": "Remove the tag", "Gỡ nhãn": "Take the tag off",
    "Gắn nhãn": "Put the tag on", "Đã thêm nhãn": "Tag added", "Đã sửa nhãn": "Tag changed", "Đã bỏ nhãn": "Tag removed", "Đã gắn nhãn": "Tag put on", "Đã gỡ nhãn": "Tag taken off",
    "Nhãn cho văn bản đã chọn": "Tag for the chosen documents", "Chưa có nhãn nào.": "There is no tag yet.",
    "Nhãn sẽ được gỡ khỏi mọi văn bản có nhãn này. Số văn bản:": "It is taken off every document that has it. Documents:",
    "Danh sách nhãn chung của cơ quan. Tìm theo nhãn: nhan:tên, ví dụ nhan:chờ-ký; chưa có nhãn nào: nhan:không.": "The office's list of tags. Search by tag: nhan:name, such as nhan:chờ-ký; without any tag: nhan:không.",
    "Xám": "Gray", "Đỏ": "Red", "Vàng": "Amber", "Xanh lá": "Green", "Xanh dương": "Blue", "Tím": "Purple",
    "Trường riêng": "Own fields", "Tên trường": "Label", "Thêm trường": "Add the field", "Ngừng dùng": "Take out of use", "Dùng lại": "Use again", "ngừng dùng": "out of use",
    "Tên ngắn (2 đến 10 chữ a–z, viết liền)": "Short name (2 to 10 letters a–z)", "Kiểu": "Kind", "Chữ": "Text", "Số": "Number", "Chọn một": "Choice", "Các giá trị": "Choices",
    "Các giá trị để chọn (mỗi dòng một giá trị, chỉ cho kiểu chọn một)": "Choices (one a line, for the kind choice only)", "Chưa có trường nào.": "There is no field yet.",
    "Trường do cơ quan tự đặt, ghi trên trang văn bản. Tên ngắn dùng để tìm, ví dụ mahd:123.": "Fields that the office makes, set on a document's page. The short name searches for them, such as mahd:123.",
    "Đã thêm trường": "Field added", "Đã sửa trường": "Field changed", "Đã ngừng dùng trường": "Field out of use", "Đã dùng lại trường": "Field in use again",
    "Sửa trường riêng": "Edit own fields", "Lịch sử trường riêng": "History of own fields", "Đã lưu": "Saved", "Không có gì thay đổi": "Nothing changed",
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
}  # fmt: skip
