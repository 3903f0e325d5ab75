"""The list of papers without questions: a glance at each head, and one act for those that are right."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from web.present.whole_number import whole
from web.services import desk_steps, glance

pages = Blueprint("glance", __name__)


@pages.get("/can-xem/nhanh")
def papers() -> ResponseReturnValue:
    """Papers that wait without an open question, each with the head of its first page."""
    return render_template("glance/list.html", papers=glance.listed(), done=(), left=())


@pages.post("/can-xem/nhanh")
def accept() -> ResponseReturnValue:
    """Put the chosen papers on record; the page shows which are, which are not, and why."""
    outcome = glance.accept_all([one for value in request.form.getlist("chosen") if (one := _chosen(value))])
    return render_template(
        "glance/list.html",
        papers=glance.listed(),
        done=[step for one in outcome.accepted if (step := desk_steps.last_step(one))],
        left=outcome.left,
    )


@pages.get("/van-ban/<int:document_id>/dau-trang.png")
def head(document_id: int) -> Response:
    """The head of a paper's first page."""
    answer = Response(glance.head_picture(document_id), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _chosen(value: str) -> tuple[int, int, str] | None:
    """ID, revision and proof from a checkbox; None for anything else."""
    document_id, _, rest = value.partition(":")
    revision, _, proof = rest.partition(":")
    try:
        return whole(document_id), whole(revision), proof
    except ValueError:
        return None
