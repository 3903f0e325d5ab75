"""Every route by every role, and what each page must hold to: escaping, tokens, headers, the throttle,
the records.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from corpus import records
from corpus.access import attempts
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.queries import audit_filter, audit_log
from corpus.queries.citation_graph import STATES
from corpus.queue import presence
from web import access
from web.pages.feeds import ATOM
from web.present.catalogue import ACTIONS, APART, DETAILS, ENGLISH, RELATIONS

SignIn = Callable[[str], FlaskClient]
ROLES = ("outsider", "reader", "leader", "clerk", "auditor", "admin")
EVERYBODY, SIGNED_IN, CLERKS, TRAIL, ADMIN = "ORLCUA", "RLCUA", "CA", "UA", "A"
PASSWORD = "mot-mat-khau-dai"
PLAN, DIRECTIVE, WAITING, FAILED = 1, 2, 3, 4

MAY: dict[str, tuple[str, str, str]] = {
    # endpoint: (who: Outsider Reader Leader Clerk aUditor Admin, method, path)
    "static": (EVERYBODY, "GET", "/static/vanban.css"),
    "shell.manifest": (EVERYBODY, "GET", "/manifest.webmanifest"),
    "shell.worker": (EVERYBODY, "GET", "/sw.js"),
    "shell.offline": (EVERYBODY, "GET", "/ngoai-mang"),
    "shell.icon": (EVERYBODY, "GET", "/favicon.ico"),
    "access.sign_in": (EVERYBODY, "GET", "/dang-nhap"),
    "sso.begin": (EVERYBODY, "GET", "/dang-nhap/co-quan"),
    "sso.back": (EVERYBODY, "GET", "/dang-nhap/co-quan/ve"),
    "access.code": (EVERYBODY, "GET", "/dang-nhap/ma"),
    "access.sign_out": (SIGNED_IN, "POST", "/dang-xuat"),
    "metrics.metrics": (ADMIN, "GET", "/metrics"),
    "own.account": (SIGNED_IN, "GET", "/cua-toi"),
    "own.password": (SIGNED_IN, "GET", "/cua-toi/mat-khau"),
    "own.end_session": (SIGNED_IN, "POST", "/cua-toi/phien/x"),
    "own.end_other_sessions": (SIGNED_IN, "POST", "/cua-toi/phien"),
    "own.factor": (SIGNED_IN, "GET", "/cua-toi/hai-buoc"),
    "own.begin_factor": (SIGNED_IN, "POST", "/cua-toi/hai-buoc/bat"),
    "own.confirm_factor": (SIGNED_IN, "POST", "/cua-toi/hai-buoc/xac-nhan"),
    "own.renew_codes": (SIGNED_IN, "POST", "/cua-toi/hai-buoc/ma-du-phong"),
    "own.end_factor": (SIGNED_IN, "POST", "/cua-toi/hai-buoc/tat"),
    "own.change_password": (SIGNED_IN, "POST", "/cua-toi/mat-khau"),
    "own.add_token": (SIGNED_IN, "POST", "/cua-toi/khoa"),
    "own.end_token": (SIGNED_IN, "POST", "/cua-toi/khoa/1"),
    "own.follow": (SIGNED_IN, "POST", "/theo-doi"),
    "lists.results": (SIGNED_IN, "GET", "/ket-qua.csv?q=thi"),
    "lists.wanted": (SIGNED_IN, "GET", "/can-tim.csv"),
    "lists.audit": (TRAIL, "GET", "/nhat-ky.csv"),
    "feeds.feed": (EVERYBODY, "GET", "/tin/1/unsigned.atom"),
    "own.unfollow": (SIGNED_IN, "POST", "/theo-doi/1"),
    "own.name_search": (SIGNED_IN, "POST", "/theo-doi/1/ten"),
    "shelf.documents": (SIGNED_IN, "GET", "/danh-sach?xep=date"),
    "shelf.chosen": (SIGNED_IN, "GET", "/danh-sach.csv?id=1"),
    "shelf.withdraw": (CLERKS, "POST", "/danh-sach/go-khoi-kho"),
    "lookup.home": (SIGNED_IN, "GET", "/?q=thi"),
    "lookup.suggest": (SIGNED_IN, "GET", "/goi-y?q=31"),
    "lookup.document": (SIGNED_IN, "GET", "/van-ban/1"),
    "lookup.alike": (SIGNED_IN, "GET", "/van-ban/1/tuong-tu"),
    "lookup.page_image": (SIGNED_IN, "GET", "/van-ban/1/trang/1.png?w=160"),
    "lookup.thumbnail": (SIGNED_IN, "GET", "/van-ban/1/anh-nho.png"),
    "lookup.thumbnails": (SIGNED_IN, "POST", "/anh-nho"),
    "paper.compared": (SIGNED_IN, "GET", "/van-ban/1/doi-chieu"),
    "lookup.original": (SIGNED_IN, "GET", "/van-ban/1/ban-goc"),
    "lookup.searchable": (SIGNED_IN, "GET", "/van-ban/1/tim-duoc.pdf"),
    "lookup.edxml": (CLERKS, "GET", "/van-ban/1/lien-thong.edxml"),
    "statistics.numbers": ("CUA", "GET", "/thong-ke"),
    "statistics.file": ("CUA", "GET", "/thong-ke.csv"),
    "intake.upload": (CLERKS, "GET", "/tai-len"),
    "intake.received": (CLERKS, "GET", "/tai-len/danh-sach"),
    "intake.retry": (CLERKS, "POST", "/van-ban/4/thu-lai"),
    "intake.release": (CLERKS, "GET", "/van-ban/4/khong-mat"),
    "intake.classify": (CLERKS, "GET", "/van-ban/1/mat"),
    "review.queue": (CLERKS, "GET", "/can-xem"),
    "review.form": (CLERKS, "GET", "/can-xem/3"),
    "review.accept": (CLERKS, "POST", "/can-xem/3"),
    "review.following": (CLERKS, "GET", "/can-xem/tiep"),
    "review.names": (CLERKS, "GET", "/can-xem/ten-co-quan?q=y+te"),
    "review.signers": (CLERKS, "GET", "/can-xem/nguoi-ky?q=van"),
    "glance.papers": (CLERKS, "GET", "/can-xem/nhanh"),
    "glance.accept": (CLERKS, "POST", "/can-xem/nhanh"),
    "glance.head": (CLERKS, "GET", "/van-ban/1/dau-trang.png"),
    "paper.printed": (SIGNED_IN, "GET", "/van-ban/1/in"),
    "paper.gone": ("CUA", "GET", "/da-go"),
    "api_queue.signers": (CLERKS, "GET", "/api/signers?q=van"),
    "review.keep": (CLERKS, "POST", "/can-xem/3/giu"),
    "review.reread_box": (CLERKS, "POST", "/can-xem/3/doc-o"),
    "review.compare": ("CUA", "GET", "/can-xem/1/so-voi/2"),
    "review.bulk": (CLERKS, "POST", "/can-xem/hang-loat"),
    "review.reinstate": (CLERKS, "POST", "/van-ban/1/dua-tro-lai"),
    "review.withdraw": (CLERKS, "POST", "/van-ban/1/thu-hoi"),
    "review.undo": (CLERKS, "POST", "/van-ban/1/hoan-tac/1"),
    "trail.cites": (SIGNED_IN, "GET", "/van-ban/1/vien-dan"),
    "trail.surroundings": (SIGNED_IN, "GET", "/van-ban/1/so-do"),
    "trail.tree": (SIGNED_IN, "GET", "/van-ban/1/cay"),
    "trail.wanted": (SIGNED_IN, "GET", "/can-tim"),
    "trail.open_citations": ("CUA", "GET", "/chua-ro"),
    "trail.settle": ("CUA", "POST", "/vien-dan/1"),
    "trail.add_citation": ("CUA", "POST", "/van-ban/1/vien-dan/them"),
    "trail.confirm_citation": ("CUA", "POST", "/vien-dan/1/dung"),
    "trail.remove_citation": ("CUA", "POST", "/vien-dan/1/bo"),
    "trail.undo_citation": ("CUA", "POST", "/van-ban/1/vien-dan/hoan-tac/1"),
    "trail.reopen_conflict": ("CUA", "POST", "/van-ban/1/mau-thuan/mo-lai"),
    "trail.conflict_list": ("CUA", "GET", "/mau-thuan"),
    "trail.report": ("CUA", "GET", "/van-ban/1/bao-cao.docx"),
    "lists.conflicts": ("CUA", "GET", "/mau-thuan.csv"),
    "trail.settle_conflict": ("CUA", "POST", "/van-ban/1/mau-thuan"),
    "trail.export": (TRAIL, "GET", "/vien-dan.graphml"),
    "trail.audit_list": (TRAIL, "GET", "/nhat-ky?verify=1"),
    "admin.users": (ADMIN, "GET", "/tai-khoan"),
    "admin.add_user": (ADMIN, "POST", "/tai-khoan"),
    "admin.account": (ADMIN, "GET", "/tai-khoan/1"),
    "admin.change_user": (ADMIN, "POST", "/tai-khoan/1"),
    "admin.end_token": (ADMIN, "POST", "/tai-khoan/khoa/1"),
    "admin.system": (ADMIN, "GET", "/he-thong"),
    "groups.groups": (ADMIN, "GET", "/nhom"),
    "groups.add": (ADMIN, "POST", "/nhom"),
    "groups.change": (ADMIN, "POST", "/nhom/1"),
    "acceptance.rule": (ADMIN, "GET", "/tu-dong-vao-kho"),
    "acceptance.change": (ADMIN, "POST", "/tu-dong-vao-kho"),
    "review.ahead": (CLERKS, "GET", "/can-xem/san-sang?sau=3"),
    "intake.separating": (CLERKS, "GET", "/tai-len/to-ngan.png"),
    "sheets.board": (CLERKS, "GET", "/van-ban/3/trang"),
    "sheets.change": (CLERKS, "POST", "/van-ban/3/trang"),
    "sheets.undo": (CLERKS, "POST", "/van-ban/3/trang/hoan-tac"),
    "api_sheets.change": (CLERKS, "POST", "/api/documents/3/pages"),
    "api_sheets.undo": (CLERKS, "POST", "/api/documents/3/pages/undo"),
    "own_bodies.bodies": (ADMIN, "GET", "/co-quan-cua-kho"),
    "own_bodies.add": (ADMIN, "POST", "/co-quan-cua-kho"),
    "own_bodies.remove": (ADMIN, "POST", "/co-quan-cua-kho/bo"),
    "own_bodies.renew": (ADMIN, "POST", "/co-quan-cua-kho/huong"),
    "registers.register": (SIGNED_IN, "GET", "/so/den"),
    "registers.register_file": (SIGNED_IN, "GET", "/so/di.pdf"),
    "registers.print_page": (SIGNED_IN, "GET", "/so/noi-bo/in"),
    "registers.line": (SIGNED_IN, "GET", "/so/den/2026/1"),
    "registers.reserve": (CLERKS, "POST", "/so/den/giu-so"),
    "registers.cancel": (CLERKS, "POST", "/so/den/2026/1/huy"),
    "registers.fill": (CLERKS, "POST", "/so/den/2026/1/dien"),
    "registers.remark": (CLERKS, "POST", "/so/den/2026/1/ghi"),
    "registers.give": (CLERKS, "POST", "/van-ban/1/vao-so"),
    "registers.move": (CLERKS, "POST", "/so/den/2026/1/chuyen-so"),
    "registers.restore": (CLERKS, "POST", "/so/den/2026/1/phuc-hoi"),
    "registers.books": (SIGNED_IN, "GET", "/cac-so"),
    "registers.add_book": (CLERKS, "POST", "/cac-so"),
    "registers.change_book": (CLERKS, "POST", "/cac-so/so-quyet-dinh"),
    "registers.of_year": (CLERKS, "POST", "/cac-so/den/2026"),
    "api_copies.cancel_copy": (CLERKS, "POST", "/api/copies/1/cancel"),
    "api_copies.list_copies": (SIGNED_IN, "GET", "/api/copies"),
    "api_copies.make_copy": (CLERKS, "POST", "/api/documents/1/copies"),
    "api_copies.register": (SIGNED_IN, "GET", "/api/copies.csv"),
    "api_copies.show_copy": (SIGNED_IN, "GET", "/api/copies/1"),
    "api_ends.decide": ("CUA", "POST", "/api/destruction/1"),
    "api_ends.destruction": ("CUA", "GET", "/api/destruction/1"),
    "api_ends.destruction_lists": ("CUA", "GET", "/api/destruction"),
    "api_ends.due": ("CUA", "GET", "/api/files/due/1.csv"),
    "api_ends.expired": ("CUA", "GET", "/api/files/expired"),
    "api_ends.handover": ("CUA", "GET", "/api/files/handover"),
    "api_ends.propose": (CLERKS, "POST", "/api/files/expired"),
    "api_ends.submit": (CLERKS, "POST", "/api/files/handover"),
    "api_files.add_file": (CLERKS, "POST", "/api/files"),
    "api_files.catalogue": (SIGNED_IN, "GET", "/api/files.csv"),
    "api_files.change_file": (CLERKS, "POST", "/api/files/1"),
    "api_files.change_rules": (CLERKS, "POST", "/api/files/1/rules"),
    "api_files.contents": (SIGNED_IN, "GET", "/api/files/1/contents.csv"),
    "api_files.list_files": (SIGNED_IN, "GET", "/api/files"),
    "api_files.package": ("CUA", "GET", "/api/files/1/sip"),
    "api_files.put_papers": (CLERKS, "POST", "/api/files/1/papers"),
    "api_files.show_file": (SIGNED_IN, "GET", "/api/files/1"),
    "api_files.take_out_paper": (CLERKS, "POST", "/api/files/papers/remove"),
    "copies.cancel": (CLERKS, "POST", "/ban-sao/1"),
    "copies.listing": (SIGNED_IN, "GET", "/ban-sao"),
    "copies.make": (CLERKS, "POST", "/van-ban/1/ban-sao"),
    "copies.register": (SIGNED_IN, "GET", "/ban-sao.csv"),
    "copies.show": (SIGNED_IN, "GET", "/ban-sao/1"),
    "file_lists.catalogue": (SIGNED_IN, "GET", "/ho-so/danh-muc.csv"),
    "file_lists.contents": (SIGNED_IN, "GET", "/ho-so/1/muc-luc.csv"),
    "file_lists.due": ("CUA", "GET", "/ho-so/den-han/1.csv"),
    "file_lists.package": ("CUA", "GET", "/ho-so/1/goi-sip.zip"),
    "files.add": (CLERKS, "POST", "/ho-so"),
    "files.catalogue": (SIGNED_IN, "GET", "/ho-so"),
    "files.change": (CLERKS, "POST", "/ho-so/1"),
    "files.change_rules": (CLERKS, "POST", "/ho-so/1/quy-tac"),
    "files.contents": (SIGNED_IN, "GET", "/ho-so/1"),
    "files.decide": ("CUA", "POST", "/ho-so/tieu-huy/1"),
    "files.destruction": ("CUA", "GET", "/ho-so/tieu-huy/1"),
    "files.expired": ("CUA", "GET", "/ho-so/het-han"),
    "files.handover": ("CUA", "GET", "/ho-so/nop-luu"),
    "files.print_catalogue": (SIGNED_IN, "GET", "/ho-so/in"),
    "files.print_contents": (SIGNED_IN, "GET", "/ho-so/1/muc-luc"),
    "files.print_handover": ("CUA", "GET", "/ho-so/nop-luu/in"),
    "files.propose": (CLERKS, "POST", "/ho-so/het-han"),
    "files.put": (CLERKS, "POST", "/ho-so/van-ban"),
    "files.submit": (CLERKS, "POST", "/ho-so/nop-luu"),
    "files.take_out": (CLERKS, "POST", "/ho-so/van-ban/bo"),
    "tags.listing": (CLERKS, "GET", "/nhan"),
    "tags.add": (CLERKS, "POST", "/nhan"),
    "tags.change": (CLERKS, "POST", "/nhan/1"),
    "tags.put": (CLERKS, "POST", "/van-ban/nhan"),
    "own_fields.fields": (ADMIN, "GET", "/truong-rieng"),
    "own_fields.add_field": (ADMIN, "POST", "/truong-rieng"),
    "own_fields.change_field": (ADMIN, "POST", "/truong-rieng/1"),
    "own_fields.set_values": (CLERKS, "POST", "/van-ban/1/truong-rieng"),
    "own_fields.undo": (CLERKS, "POST", "/van-ban/1/truong-rieng/1/hoan-tac"),
    "api_tags.list_tags": (SIGNED_IN, "GET", "/api/tags"),
    "api_tags.add_tag": (CLERKS, "POST", "/api/tags"),
    "api_tags.change_tag": (CLERKS, "POST", "/api/tags/1"),
    "api_tags.put_tags": (CLERKS, "POST", "/api/documents/tags"),
    "api_tags.list_fields": (SIGNED_IN, "GET", "/api/own-fields"),
    "api_tags.add_field": (ADMIN, "POST", "/api/own-fields"),
    "api_tags.change_field": (ADMIN, "POST", "/api/own-fields/1"),
    "api_tags.values": (SIGNED_IN, "GET", "/api/documents/1/own-fields"),
    "api_tags.set_values": (CLERKS, "POST", "/api/documents/1/own-fields"),
    "api_tags.undo_values": (CLERKS, "POST", "/api/documents/1/own-fields/undo"),
    "paper.viewed": (SIGNED_IN, "GET", "/van-ban/1/tep-goc"),
    "versions.shown": (SIGNED_IN, "GET", "/van-ban/1/phien-ban/1"),
    "versions.original": (SIGNED_IN, "GET", "/van-ban/1/phien-ban/1/tep"),
    "versions.put": (CLERKS, "POST", "/van-ban/1/phien-ban"),
    "versions.put_back": (CLERKS, "POST", "/van-ban/1/phien-ban/1/dua-lai"),
    "api_versions.list_versions": (SIGNED_IN, "GET", "/api/documents/1/versions"),
    "api_versions.version_file": (SIGNED_IN, "GET", "/api/documents/1/versions/1/original"),
    "api_versions.put_version": (CLERKS, "POST", "/api/documents/1/versions"),
    "api_versions.restore_version": (CLERKS, "POST", "/api/documents/1/versions/1/restore"),
    "shares.make": (CLERKS, "POST", "/van-ban/1/chia-se"),
    "shares.end": (CLERKS, "POST", "/van-ban/1/chia-se/1/huy"),
    "shared.paper": (EVERYBODY, "GET", "/chia-se/x"),
    "shared.page_image": (EVERYBODY, "GET", "/chia-se/x/trang/1.png"),
    "shared.original": (EVERYBODY, "GET", "/chia-se/x/ban-goc"),
    "shared.searchable": (EVERYBODY, "GET", "/chia-se/x/tim-duoc.pdf"),
    "api_shares.list_shares": (CLERKS, "GET", "/api/documents/1/shares"),
    "api_shares.make_share": (CLERKS, "POST", "/api/documents/1/shares"),
    "api_shares.end_share": (CLERKS, "POST", "/api/documents/1/shares/1/end"),
    "groups.limit": (CLERKS, "POST", "/van-ban/1/gioi-han"),
    "handover.tasks": (SIGNED_IN, "GET", "/xu-ly"),
    "handover.give": (SIGNED_IN, "POST", "/van-ban/1/chuyen"),
    "handover.hand_on": (SIGNED_IN, "POST", "/xu-ly/phan/1/chuyen-tiep"),
    "handover.change": (SIGNED_IN, "POST", "/xu-ly/1"),
    "handover.add_note": (SIGNED_IN, "POST", "/van-ban/1/y-kien"),
    "handover.remove_note": (SIGNED_IN, "POST", "/y-kien/1/bo"),
    "handover.delegations": (SIGNED_IN, "GET", "/uy-quyen"),
    "handover.delegate": (SIGNED_IN, "POST", "/uy-quyen"),
    "handover.end_delegation": (SIGNED_IN, "POST", "/uy-quyen/1/ket-thuc"),
    "handover.mailbox": (SIGNED_IN, "POST", "/cua-toi/thu-nhac"),
    "api_handover.tasks": (SIGNED_IN, "GET", "/api/handovers"),
    "api_handover.receivers": (SIGNED_IN, "GET", "/api/handovers/receivers"),
    "api_handover.of_document": (SIGNED_IN, "GET", "/api/documents/1/handovers"),
    "api_handover.give": (SIGNED_IN, "POST", "/api/documents/1/handovers"),
    "api_handover.hand_on": (SIGNED_IN, "POST", "/api/handovers/parts/1/onward"),
    "api_handover.change": (SIGNED_IN, "POST", "/api/handovers/1"),
    "api_handover.notes": (SIGNED_IN, "GET", "/api/documents/1/notes"),
    "api_handover.add_note": (SIGNED_IN, "POST", "/api/documents/1/notes"),
    "api_handover.remove_note": (SIGNED_IN, "POST", "/api/notes/1/remove"),
    "api_handover.delegations": (SIGNED_IN, "GET", "/api/delegations"),
    "api_handover.delegate": (SIGNED_IN, "POST", "/api/delegations"),
    "api_handover.end_delegation": (SIGNED_IN, "POST", "/api/delegations/1/end"),
    "api_handover.show_mailbox": (SIGNED_IN, "GET", "/api/me/mailbox"),
    "api_handover.mailbox": (SIGNED_IN, "POST", "/api/me/mailbox"),
    "api.healthz": (EVERYBODY, "GET", "/healthz"),
    "api.readyz": (EVERYBODY, "GET", "/readyz"),
    "api.openapi": (EVERYBODY, "GET", "/api/openapi.json"),
    "api.upload": (CLERKS, "POST", "/api/documents"),
    "api.list_documents": (SIGNED_IN, "GET", "/api/documents"),
    "api.document": (SIGNED_IN, "GET", "/api/documents/1"),
    "api.original": (SIGNED_IN, "GET", "/api/documents/1/original"),
    "api.searchable": (SIGNED_IN, "GET", "/api/documents/1/searchable.pdf"),
    "api.edxml": (CLERKS, "GET", "/api/documents/1/edxml"),
    "api_statistics.numbers": ("CUA", "GET", "/api/statistics"),
    "api_statistics.file": ("CUA", "GET", "/api/statistics.csv"),
    "api.reading": (SIGNED_IN, "GET", "/api/documents/1/reading"),
    "api.search": (SIGNED_IN, "GET", "/api/search?q=thi"),
    "api.cites": (SIGNED_IN, "GET", "/api/cites?ref=31/KH-UBND"),
    "api.wanted": (SIGNED_IN, "GET", "/api/wanted"),
    "api.docs": (SIGNED_IN, "GET", "/api/docs"),
    "api.docs_file": (SIGNED_IN, "GET", "/api/docs/css/swagger-ui.css"),
    "api_desk.accept": (CLERKS, "POST", "/api/documents/3/accept"),
    "api_desk.correct": (CLERKS, "POST", "/api/documents/3/correct"),
    "api_desk.withdraw": (CLERKS, "POST", "/api/documents/3/withdraw"),
    "api_desk.retry": (CLERKS, "POST", "/api/documents/4/retry"),
    "api_desk.release": (CLERKS, "POST", "/api/documents/4/release"),
    "api_desk.classify": (CLERKS, "POST", "/api/documents/4/classify"),
    "api_desk.limit": (CLERKS, "POST", "/api/documents/3/groups"),
    "api_desk.history": ("CUA", "GET", "/api/documents/3/history"),
    "api_desk.reinstate": (CLERKS, "POST", "/api/documents/3/reinstate"),
    "api_desk.undo": (CLERKS, "POST", "/api/documents/3/undo"),
    "api_desk.correct_all": (CLERKS, "POST", "/api/corrections"),
    "api_queue.queue": (CLERKS, "GET", "/api/queue"),
    "api_queue.following": (CLERKS, "POST", "/api/queue/next"),
    "api_queue.hold": (CLERKS, "POST", "/api/documents/3/hold"),
    "api_queue.reread_box": (CLERKS, "POST", "/api/documents/3/spot"),
    "api_queue.twins": ("CUA", "GET", "/api/documents/3/twins"),
    "api_queue.names": (CLERKS, "GET", "/api/names?q=y+te"),
    "api_queue.received": (CLERKS, "GET", "/api/received"),
    "api_lists.results": (SIGNED_IN, "GET", "/api/search.csv?q=thi"),
    "api_lists.wanted": (SIGNED_IN, "GET", "/api/wanted.xlsx"),
    "lists.history": ("CUA", "GET", "/van-ban/1/lich-su.xlsx"),
    "api_lists.history": ("CUA", "GET", "/api/documents/1/history.csv"),
    "api_lists.audit": (TRAIL, "GET", "/api/audit.xlsx"),
    "api_lists.citations": (TRAIL, "GET", "/api/citations.graphml"),
    "api_lists.similar": (SIGNED_IN, "GET", "/api/documents/1/similar"),
    "api_lists.page_image": (SIGNED_IN, "GET", "/api/documents/1/pages/1.png?w=160"),
    "api_trail.conflicts": (SIGNED_IN, "GET", "/api/documents/1/conflicts"),
    "api_trail.settle_conflict": ("CUA", "POST", "/api/documents/1/conflicts"),
    "api_trail.ambiguous": ("CUA", "GET", "/api/citations/ambiguous"),
    "api_trail.settle": ("CUA", "POST", "/api/citations/1"),
    "api_citations.targets": ("CUA", "GET", "/api/citations/targets?q=31"),
    "api_citations.add": ("CUA", "POST", "/api/documents/1/citations"),
    "api_citations.confirm": ("CUA", "POST", "/api/citations/1/confirm"),
    "api_citations.remove": ("CUA", "POST", "/api/citations/1/remove"),
    "api_citations.undo": ("CUA", "POST", "/api/documents/1/citations/undo"),
    "api_citations.history": ("CUA", "GET", "/api/documents/1/citations/history"),
    "api_trail.reopen_conflict": ("CUA", "POST", "/api/documents/1/conflicts/reopen"),
    "api_trail.conflict_list": ("CUA", "GET", "/api/conflicts"),
    "api_lists.conflicts": ("CUA", "GET", "/api/conflicts.xlsx"),
    "api_lists.report": ("CUA", "GET", "/api/documents/1/report.csv"),
    "api_trail.audit_trail": (TRAIL, "GET", "/api/audit?verify=1"),
    "api_own.me": (SIGNED_IN, "GET", "/api/me"),
    "api_own.password": (SIGNED_IN, "POST", "/api/me/password"),
    "api_own.tokens": (SIGNED_IN, "GET", "/api/me/tokens"),
    "api_own.add_token": (SIGNED_IN, "POST", "/api/me/tokens"),
    "api_own.end_token": (SIGNED_IN, "POST", "/api/me/tokens/1/end"),
    "api_own.prove": (SIGNED_IN, "POST", "/api/me/proof"),
    "api_own.sessions": (SIGNED_IN, "GET", "/api/me/sessions"),
    "api_own.end_other_sessions": (SIGNED_IN, "POST", "/api/me/sessions/end"),
    "api_own.end_session": (SIGNED_IN, "POST", "/api/me/sessions/x/end"),
    "api_own.searches": (SIGNED_IN, "GET", "/api/me/searches"),
    "api_own.follow": (SIGNED_IN, "POST", "/api/me/searches"),
    "api_own.unfollow": (SIGNED_IN, "POST", "/api/me/searches/1/end"),
    "api_own.name_search": (SIGNED_IN, "POST", "/api/me/searches/1/name"),
    "api_admin.users": (ADMIN, "GET", "/api/users"),
    "api_admin.add_user": (ADMIN, "POST", "/api/users"),
    "api_admin.change_user": (ADMIN, "POST", "/api/users/reader"),
    "api_admin.tokens": (ADMIN, "GET", "/api/tokens"),
    "api_admin.end_token": (ADMIN, "POST", "/api/tokens/1/end"),
    "api_admin.list_groups": (ADMIN, "GET", "/api/groups"),
    "api_admin.acceptance": (ADMIN, "GET", "/api/acceptance"),
    "api_admin.set_acceptance": (ADMIN, "POST", "/api/acceptance"),
    "api_admin.list_own_bodies": (ADMIN, "GET", "/api/own-bodies"),
    "api_admin.add_own_body": (ADMIN, "POST", "/api/own-bodies"),
    "api_admin.remove_own_body": (ADMIN, "POST", "/api/own-bodies/remove"),
    "api_admin.add_group": (ADMIN, "POST", "/api/groups"),
    "api_admin.change_group": (ADMIN, "POST", "/api/groups/x"),
    "api_admin.system": (ADMIN, "GET", "/api/system"),
    "api_admin.renew_directions": (ADMIN, "POST", "/api/own-bodies/directions"),
    "api_registers.register": (SIGNED_IN, "GET", "/api/registers/incoming"),
    "api_registers.register_file": (SIGNED_IN, "GET", "/api/registers/outgoing.xlsx"),
    "api_registers.line": (SIGNED_IN, "GET", "/api/registers/incoming/2026/1"),
    "api_registers.numbers": (SIGNED_IN, "GET", "/api/documents/1/numbers"),
    "api_registers.give": (CLERKS, "POST", "/api/documents/1/numbers"),
    "api_registers.reserve": (CLERKS, "POST", "/api/registers/incoming/reserve"),
    "api_registers.fill": (CLERKS, "POST", "/api/registers/incoming/2026/1/fill"),
    "api_registers.cancel": (CLERKS, "POST", "/api/registers/incoming/2026/1/cancel"),
    "api_registers.remark": (CLERKS, "POST", "/api/registers/incoming/2026/1/remarks"),
    "api_registers.move": (CLERKS, "POST", "/api/registers/incoming/2026/1/move"),
    "api_registers.restore": (CLERKS, "POST", "/api/registers/incoming/2026/1/restore"),
    "api_registers.books": (SIGNED_IN, "GET", "/api/registers"),
    "api_registers.add_book": (CLERKS, "POST", "/api/registers"),
    "api_registers.change_book": (CLERKS, "POST", "/api/registers/so-quyet-dinh"),
    "api_registers.remove_book": (CLERKS, "POST", "/api/registers/so-quyet-dinh/remove"),
    "api_registers.of_year": (CLERKS, "POST", "/api/registers/incoming/2026"),
    "api_trail.tree": (SIGNED_IN, "GET", "/api/documents/1/tree"),
    "api_trail.graph": (SIGNED_IN, "GET", "/api/documents/1/graph"),
    "api.suggest": (SIGNED_IN, "GET", "/api/suggest?q=31"),
}
LETTER = {"outsider": "O", "reader": "R", "leader": "L", "clerk": "C", "auditor": "U", "admin": "A"}


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, data: dict[str, object] | None = None) -> object:
    return client.post(path, data=data or {}, headers={"X-CSRFToken": token(client)})


def as_shown(client: FlaskClient, document_id: int) -> dict[str, object]:
    """What the form of a document carries of what was shown: its revision and the proof."""
    page = client.get(f"/can-xem/{document_id}").text
    found = [re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("revision", "shown")]
    return {one[0].split('"')[1]: one[1] for one in found if one is not None}


def revision(store: Store, document_id: int) -> int:
    with store.db.reading() as session:
        return session.get_one(Document, document_id).revision


def test_every_route_stands_in_the_table_and_in_the_rules(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes == set(MAY) == set(access.RULES)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_what(role: str, sign_in: SignIn) -> None:
    for endpoint, (who, method, path) in MAY.items():
        if endpoint == "access.sign_out":
            continue
        client = sign_in(role)
        answer = client.get(path) if method == "GET" else post(client, path)
        refused = answer.status_code == (
            403 if role != "outsider" else 401
        ) or "/dang-nhap?" in answer.headers.get("Location", "")
        assert refused == (LETTER[role] not in who), (endpoint, role, answer.status_code)
        assert answer.status_code < 500, (endpoint, role)


def test_a_reader_sees_neither_failed_nor_withdrawn_documents(sign_in: SignIn) -> None:
    reader = sign_in("reader")
    for tail in ("", "/trang/1.png", "/ban-goc", "/vien-dan"):
        assert reader.get(f"/van-ban/{FAILED}{tail}").status_code == 404
    assert reader.get(f"/api/documents/{FAILED}").status_code == 404
    assert FAILED not in [one["id"] for one in reader.get("/api/documents").json["documents"]]


def test_what_a_paper_says_is_never_markup(sign_in: SignIn) -> None:
    client = sign_in("admin")
    for path in ("/", "/?q=31/KH-UBND", "/van-ban/1", "/van-ban/1/vien-dan", "/can-xem/1"):
        page = client.get(path, follow_redirects=True).text
        assert "<b>chuyển" not in page and "&lt;b&gt;chuyển" in page, path


def test_pages_hold_no_inline_style_or_script(sign_in: SignIn) -> None:
    client = sign_in("admin")
    for _, method, path in MAY.values():
        if method == "GET" and (answer := client.get(path, follow_redirects=True)).mimetype == "text/html":
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", answer.text), path


def test_headers_keep_the_browser_strict(sign_in: SignIn) -> None:
    answer = sign_in("reader").get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_original_is_handed_out_and_never_shown(sign_in: SignIn) -> None:
    answer = sign_in("reader").get("/van-ban/1/ban-goc")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_an_original_is_viewed_in_a_sandbox_where_that_is_safe(sign_in: SignIn, filled: Store) -> None:
    answer = sign_in("reader").get("/van-ban/1/tep-goc")
    assert answer.headers["Content-Disposition"].startswith("inline;") and answer.mimetype == "image/png"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET media_type = 'text/html' WHERE id = 1")
    other = sign_in("reader").get("/van-ban/1/tep-goc")
    assert other.headers["Content-Disposition"].startswith("attachment;"), "any other kind is downloaded"


def test_a_browser_gets_the_icon_that_it_asks_for_by_itself(sign_in: SignIn) -> None:
    answer = sign_in("outsider").get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")


@pytest.mark.parametrize(("endpoint", "row"), [(e, r) for e, r in MAY.items() if r[1] == "POST"])
def test_a_call_without_our_token_does_nothing(endpoint: str, row: tuple[str, str, str], sign_in: SignIn) -> None:
    assert sign_in("admin").post(row[2]).status_code == 400, endpoint


def test_sign_in_is_slowed_down_after_five_tries(app: Flask, sign_in: SignIn) -> None:
    client = app.test_client()
    codes = [
        post(client, "/dang-nhap", {"name": "clerk", "password": "sai"}).status_code
        for _ in range(attempts.BY_PAIR.free + 1)
    ]
    assert codes == [401] * attempts.BY_PAIR.free + [429]
    assert post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD}).status_code == 429
    assert sign_in("admin").get("/").status_code == 200


def test_the_cookie_is_closed_to_scripts_and_ends_at_the_server(app: Flask) -> None:
    client = app.test_client()
    assert post(client, "/dang-nhap", {"name": "reader", "password": PASSWORD}).status_code == 303
    cookie = client.get_cookie(access.COOKIE)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    assert post(client, "/dang-xuat").status_code == 303
    client.set_cookie(access.COOKIE, cookie.value)
    assert client.get("/").headers["Location"].startswith("/dang-nhap")


@pytest.mark.parametrize("target", ["//la.example", "https://la.example/", "/\\la.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(target: str, app: Flask) -> None:
    answer = post(app.test_client(), "/dang-nhap", {"name": "reader", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_programs_sign_in_by_basic_and_only_under_api(app: Flask) -> None:
    header = {"Authorization": "Basic " + base64.b64encode(f"reader:{PASSWORD}".encode()).decode()}
    client = app.test_client()
    assert client.get("/api/documents", headers=header).status_code == 200
    assert client.get("/", headers=header).status_code == 303
    bad = client.get("/api/documents")
    assert (bad.status_code, bad.mimetype, bad.json["code"]) == (401, "application/problem+json", "sign_in")


@pytest.mark.parametrize(
    ("ref", "status"), [("31/KH-UBND", 200), ("31 kh ubnd", 200), ("1", 200), ("77/KH-X", 404), ("", 400)]
)
def test_citations_are_asked_by_number_in_any_spelling_or_by_id(ref: str, status: int, sign_in: SignIn) -> None:
    answer = sign_in("reader").get("/api/cites", query_string={"ref": ref})
    assert answer.status_code == status
    if status == 200:
        assert answer.json["document"]["id"] == PLAN
        assert [one["status"] for one in answer.json["out"]] == ["found", "wanted"]
        assert answer.json["out"][0]["target"]["id"] == DIRECTIVE and answer.json["chain"] == [[PLAN, DIRECTIVE]]


def test_upload_says_of_each_file_what_became_of_it(sign_in: SignIn) -> None:
    client = sign_in("clerk")
    text = "Số: 7/KH-SYT\n".encode()
    sent = [(io.BytesIO(text), "a.txt"), (io.BytesIO(b""), "rong.pdf"), (io.BytesIO(text), "b.txt")]
    headers = {"X-CSRFToken": token(client), "X-Vanban": "1"}
    told = client.post("/tai-len", data={"file": sent}, headers=headers).json["files"]
    assert [(one["name"], one["status"], one["code"]) for one in told] == [
        ("a.txt", "queued", None),
        ("rong.pdf", "refused", "empty_file"),
        ("b.txt", "duplicate", None),
    ]
    assert "a.txt" in client.get("/tai-len/danh-sach").text


def test_accepting_puts_the_values_on_record(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    sent = {"number": "93/KH-UBND", "recipients": "Như trên\nSở Y tế"} | as_shown(client, WAITING)
    answer = post(client, f"/can-xem/{WAITING}", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/van-ban/{WAITING}")
    record = client.get(f"/api/documents/{WAITING}").json
    assert (record["status"], record["number"]) == ("accepted", "93/KH-UBND")
    assert [one["value"] for one in record["fields"]["recipients"]] == ["Như trên", "Sở Y tế"]
    assert "93/KH-UBND" in client.get(f"/van-ban/{WAITING}", follow_redirects=True).text


def test_what_was_typed_survives_a_colleagues_change(sign_in: SignIn, filled: Store) -> None:
    client, other = sign_in("clerk"), sign_in("admin")
    stale = as_shown(client, WAITING)
    post(other, f"/can-xem/{WAITING}", {"number": "98/KH-UBND"} | as_shown(other, WAITING))
    answer = post(client, f"/can-xem/{WAITING}", {"subject": "Tên tôi gõ"} | stale)
    assert answer.status_code == 409 and "Tên tôi gõ" in answer.text
    assert "Tải lại trang" not in answer.text, "one instruction, not two that contradict"
    assert f'name="revision" value="{revision(filled, WAITING)}"' in answer.text


def test_a_date_that_is_none_is_said_and_kept_in_the_form(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    answer = post(
        client, f"/can-xem/{WAITING}", {"date": "32/1/2024", "subject": "Đã gõ"} | as_shown(client, WAITING)
    )
    assert answer.status_code == 422 and "Đã gõ" in answer.text
    assert "«32/1/2024» của Ngày ban hành" in answer.text and "ngày/tháng/năm" in answer.text
    assert re.search(r'id="f-date"[^>]*aria-invalid="true"', answer.text), "the faulty field is marked"
    assert "giá trị mới trong kho" not in answer.text, "nobody else has changed anything"


@pytest.mark.parametrize("query", ["'", '"', "loai:", "<script>", "%00", "a" * 3000, "so:(((", "page=-1"])
def test_no_question_makes_an_error(query: str, sign_in: SignIn) -> None:
    client = sign_in("reader")
    for path in ("/", "/goi-y", "/api/suggest"):
        assert client.get(path, query_string={"q": query}).status_code in (200, 400)
    assert client.get("/?q=thi&page=x&sort=y").status_code == 200


def test_the_openapi_description_names_every_call(app: Flask) -> None:
    described = set(app.test_client().get("/api/openapi.json").json["paths"])
    calls = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api")}
    assert {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in calls} == described


def test_every_text_of_the_pages_has_its_english() -> None:
    folder = Path(web.__file__).parent / "templates"
    used = {
        text
        for path in folder.rglob("*.html")
        for _, text in re.findall(r"\b_\(([\"'])(.+?)\1\)", path.read_text("utf-8"))
    }
    assert used - set(ENGLISH) == set()
    assert set((RELATIONS | ACTIONS | DETAILS | STATES).values()) <= set(ENGLISH)
    assert {words for pair in APART.values() for words in pair} <= set(ENGLISH)


def test_vendored_files_are_those_of_the_manifest() -> None:
    folder = Path(web.__file__).parent / "static" / "vendor"
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    assert {one["file"]: one["sha256"] for one in listed} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".js", ".css")
    }


def bearer(client: FlaskClient, **form: str) -> dict[str, str]:
    page = post(client, "/cua-toi/khoa", {"label": "thử", **form})
    found = re.search(r"<code>(vb_[^<]+)</code>", page.text)
    assert found is not None
    return {"Authorization": f"Bearer {found[1]}"}


def test_a_token_acts_for_its_account_within_its_scope(app: Flask, sign_in: SignIn, filled: Store) -> None:
    clerk, program = sign_in("clerk"), app.test_client()
    reads, writes = bearer(clerk), bearer(clerk, writes="1")
    body = {"revision": revision(filled, WAITING), "values": {"number": "93/KH-UBND", "recipients": ["Như trên"]}}
    path = f"/api/documents/{WAITING}/accept"
    assert program.get("/api/documents", headers=reads).status_code == 200
    assert program.get("/", headers=writes).status_code == 303, "a token opens no pages"
    assert program.post(path, json=body, headers=reads).status_code == 403
    assert program.post(path, json=body).status_code == 401
    answer = program.post(path, json=body, headers=writes)
    assert (answer.status_code, answer.json["status"], answer.json["number"]) == (200, "accepted", "93/KH-UBND")
    assert program.post(path, json=body, headers=writes).status_code == 409, "the record has moved on"
    history = program.get(f"/api/documents/{WAITING}/history", headers=reads).json["history"]
    assert [one["action"] for one in history] == ["accept"] and history[0]["actor"] == "clerk"
    post(clerk, "/cua-toi/khoa/2", {"confirmed": "1"})
    assert program.post(path, json=body, headers=writes).status_code == 401


def test_nobody_ends_anothers_token(sign_in: SignIn) -> None:
    bearer(sign_in("clerk"))
    assert post(sign_in("reader"), "/cua-toi/khoa/1").status_code == 404


def test_a_changed_password_ends_the_sessions(sign_in: SignIn) -> None:
    client, other = sign_in("reader"), sign_in("reader")
    assert post(client, "/cua-toi/mat-khau", {"present": "sai", "password": "mot-cau-moi-dai"}).status_code == 422
    assert post(client, "/cua-toi/mat-khau", {"present": PASSWORD, "password": "ngan"}).status_code == 422
    assert (
        post(client, "/cua-toi/mat-khau", {"present": PASSWORD, "password": "mot-cau-moi-dai"}).status_code == 303
    )
    assert other.get("/").status_code == 303


def test_a_followed_search_tells_what_is_new(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("reader")
    post(client, "/theo-doi", {"address": "/?q=thi+%C4%91ua", "words": "thi đua", "known": "0"})
    assert "1 mới" in client.get("/").text
    assert "Bỏ theo dõi" in client.get("/?q=thi+%C4%91ua").text
    assert "mới</span>" not in client.get("/").text, "what was looked at is known"
    assert post(client, "/theo-doi", {"address": "https://la.example/?q=x", "words": "x"}).status_code == 400
    assert "Đang theo dõi" not in sign_in("clerk").get("/").text
    post(client, "/theo-doi/1")
    assert "Đang theo dõi" not in client.get("/").text


def test_the_administrator_sees_health_and_what_was_searched_in_vain(sign_in: SignIn) -> None:
    client = sign_in("admin")
    client.get("/?q=khongthayduoc")
    page = client.get("/he-thong?check=1").text
    assert "Kho nguyên vẹn." in page and "khongthayduoc" in page


def test_the_administrator_sees_workers_backup_and_readers(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("admin")
    page = client.get("/he-thong").text
    assert "không có: chạy «vanban work»" in page and "chưa có bản sao lưu nào" in page
    records.note(filled, "cli:root", "backup", None, {"name": "kho-2026-12.zip"})
    with presence.announced(filled):
        page = client.get("/he-thong").text
    assert "kho-2026-12.zip" in page and "không có: chạy" not in page and "Engine" in page


def test_figures_for_prometheus_are_well_formed(sign_in: SignIn) -> None:
    client = sign_in("admin")
    client.get("/?q=thi")
    lines = client.get("/metrics").text.splitlines()
    assert all(re.fullmatch(r"# (HELP|TYPE) .+|\w+(\{\w+=\"[^\"]*\"\})? [0-9.e+-]+", line) for line in lines)
    assert 'vanban_documents{status="accepted"} 2.0' in lines and "vanban_workers 0.0" in lines
    assert float(next(line for line in lines if line.startswith("vanban_search_seconds_count")).split()[1]) >= 1


def test_several_documents_are_corrected_at_once(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    answer = post(client, "/can-xem/hang-loat", {"chosen": ["1", "3"], "field": "place", "value": "Kiên Giang"})
    assert answer.status_code == 303
    assert [client.get(f"/api/documents/{one}").json["fields"]["place"] is not None for one in (1, 2, 3)] == [
        True, False, True,
    ]  # fmt: skip
    for bad in ({"chosen": "1", "field": "number", "value": "1/KH"}, {"field": "issuer", "value": "Sở Y tế"}):
        assert post(client, "/can-xem/hang-loat", bad).status_code == 400


def test_a_withdrawn_document_comes_back_to_the_desk(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    post(client, "/van-ban/1/thu-hoi", {"reason": "quét thiếu trang"})
    assert sign_in("reader").get("/van-ban/1").status_code == 404
    assert "Khôi phục" in client.get("/van-ban/1", follow_redirects=True).text
    post(client, "/van-ban/1/dua-tro-lai")
    assert client.get("/api/documents/1").json["status"] == "review"


@pytest.mark.parametrize(
    ("typed", "kept"), [("7/5/2022", "2022-05-07"), ("07.05.2022", "2022-05-07"), ("2022-05-07", "2022-05-07")]
)
def test_a_date_is_typed_as_people_write_it(typed: str, kept: str, sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    post(client, f"/can-xem/{WAITING}", {"date": typed} | as_shown(client, WAITING))
    assert client.get(f"/api/documents/{WAITING}").json["date"] == kept
    assert 'value="07/05/2022"' in client.get(f"/can-xem/{WAITING}").text


def test_twins_lie_side_by_side(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    values = {"number": "31/KH-UBND", "date": "2022-04-27"}
    records.correct(filled, WAITING, dict(values), "clerk", None)
    assert "/so-voi/1" in client.get(f"/can-xem/{WAITING}").text
    page = client.get(f"/can-xem/{WAITING}/so-voi/1").text
    assert page.count("Gỡ bản này khỏi kho") == 2 and "31/KH-UBND" in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ubnd", ""), ("uy ban kien", "Ủy ban nhân dân tỉnh Kiên Giang"), ("y te", "Bộ Y tế"), ("", "")],
)
def test_names_of_bodies_are_completed(typed: str, found: str, sign_in: SignIn) -> None:
    names = sign_in("clerk").get("/can-xem/ten-co-quan", query_string={"q": typed}).json
    assert found in names if found else len(names) <= 12


def test_a_search_box_helps_and_never_fails(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("reader")
    assert client.get("/goi-y?q=31").json == ["31/KH-UBND"]
    assert "Ủy ban nhân dân tỉnh Kiên Giang" in client.get("/goi-y?q=uy ban").json
    (filled.index_folder / "current").write_text("{")
    assert client.get("/goi-y?q=31").status_code == 200


def test_a_scan_is_downloaded_as_a_searchable_pdf_once_made(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert "tim-duoc.pdf" in clerk.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    first, again = (clerk.get(f"/van-ban/{PLAN}/tim-duoc.pdf") for _ in range(2))
    assert first.mimetype == "application/pdf" and first.data.startswith(b"%PDF-") and first.data == again.data
    assert "attachment" in first.headers["Content-Disposition"]
    assert "sandbox" in first.headers["Content-Security-Policy"]
    assert clerk.get(f"/api/documents/{PLAN}/searchable.pdf").data == first.data
    assert clerk.get(f"/api/documents/{PLAN}/original").data.startswith(b"\x89PNG")


def followed(client: FlaskClient) -> str:
    """The address of the feed of the search that a reader follows."""
    post(client, "/theo-doi", {"address": "/?q=thi+%C4%91ua", "words": "thi đua", "known": "0"})
    found = re.search(r'href="http://localhost(/tin/[^"]+\.atom)"', client.get("/").text)
    assert found is not None
    return found[1]


def test_a_followed_search_has_a_feed_that_needs_no_session(sign_in: SignIn, app: Flask) -> None:
    path = followed(sign_in("reader"))
    answer = app.test_client().get(path)
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    entries = root.findall(f"{{{ATOM}}}entry")
    assert [entry.findtext(f"{{{ATOM}}}id") for entry in entries] == [f"urn:vanban:van-ban:{PLAN}"]
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{{{ATOM}}}{name}") and entries[0].findtext(f"{{{ATOM}}}{name}")
    where = entries[0].find(f"{{{ATOM}}}link")
    assert where is not None and where.get("href", "").startswith(f"http://localhost/van-ban/{PLAN}-")


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda store, client: post(client, "/theo-doi/1"), "the search is followed no more"),
        (lambda store, client: records.set_active(store, "reader", False, "admin"), "the account is closed"),
        (
            lambda store, client: records.set_password(store, "reader", "another", "admin"),
            "the password is another",
        ),
    ],
)
def test_a_feed_ends(sign_in: SignIn, app: Flask, filled: Store, end: Callable[..., object], why: str) -> None:
    client = sign_in("reader")
    path = followed(client)
    assert app.test_client().get(path).status_code == 200
    assert app.test_client().get(path.replace(".atom", "0.atom")).status_code == 404
    end(filled, client)
    assert app.test_client().get(path).status_code == 404, why


def test_a_result_list_goes_into_a_spreadsheet(sign_in: SignIn) -> None:
    reader = sign_in("reader")
    assert "/ket-qua.xlsx?q=thi+%C4%91ua" in reader.get("/?q=thi+%C4%91ua").text
    lines = reader.get("/ket-qua.csv?q=thi+%C4%91ua").data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"id","number","date"') and len(lines) == 2
    assert lines[1].startswith(f'"{PLAN}",')
    assert reader.get("/ket-qua.xlsx?q=thi+%C4%91ua").data.startswith(b"PK")
    assert reader.get("/ket-qua.exe?q=thi").status_code == 404


def test_the_wanted_list_goes_into_a_spreadsheet(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/can-tim").text
    assert "/can-tim.csv" in page and "/can-tim.xlsx" in page
    lines = auditor.get("/can-tim.csv").data.decode("utf-8-sig").splitlines()
    assert list(csv.reader(lines)) == [
        ["Văn bản", "Loại", "Ngày", "Cơ quan", "Số văn bản viện dẫn"],
        ["99/QĐ-UBND", "Quyết định", "", "", "1"],
    ]
    assert auditor.get("/can-tim.xlsx").data.startswith(b"PK")
    assert auditor.get("/can-tim.exe").status_code == 404
    assert "xuất danh sách" in auditor.get("/nhat-ky?action=export").text


def test_the_trail_goes_into_a_spreadsheet_as_it_is_narrowed(sign_in: SignIn, filled: Store) -> None:
    reader, auditor = sign_in("reader"), sign_in("auditor")
    reader.get(f"/?q={'thi+đua+' * 30}")
    reader.get(f"/van-ban/{PLAN}/ban-goc")
    page = auditor.get("/nhat-ky?actor=READER&action=search").text
    assert "/nhat-ky.csv?actor=READER&amp;action=search" in page and "/nhat-ky.xlsx?actor=READER" in page
    lines = auditor.get("/nhat-ky.csv?actor=READER&action=search").data.decode("utf-8-sig").splitlines()
    assert next(csv.reader(lines)) == ["Dòng", "Lúc", "Ai", "Việc", "Văn bản", "Chi tiết", "Mã băm"]
    assert len(lines) == 2
    assert re.match(r'"\d+","\d{4}-\d\d-\d\d \d\d:\d\d:\d\d","reader","tìm","",', lines[1])
    assert re.search(r'"[0-9a-f]{64}"$', lines[1]), "the row's hash leaves the machine with it"
    assert "thi đua " * 29 in lines[1], "a file is not cut as the page is"
    assert len(auditor.get(f"/nhat-ky.csv?document={PLAN}&action=download").data.splitlines()) == 2
    assert auditor.get("/nhat-ky.xlsx").data.startswith(b"PK")
    assert auditor.get("/nhat-ky.exe").status_code == 404
    rows = audit_log.rows(filled, audit_filter.AuditFilter({"action": "export"}), 10, 0)
    assert [(row.detail["what"], row.detail["q"]) for row in rows] == [
        ("audit", ""), ("audit", f"download · {PLAN}"), ("audit", "READER · search"),
    ]  # fmt: skip
