"""Coming in and going out: login, logout, password, the list of sessions."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from server.log import get_logger
from server.web import admin_words, who
from server.web.accounts import OWNER_LOGIN, Refused
from server.web.parts import parts
from server.web.worker import on_worker

_STATUS = {Refused.THROTTLED: 429, Refused.BUSY: 503}

log = get_logger(__name__)


def register(admin: Blueprint) -> None:
    admin.add_url_rule("/login", "log_in", log_in, methods=["GET", "POST"])
    admin.add_url_rule("/logout", "log_out", log_out, methods=["POST"])
    admin.add_url_rule("/account/password", "change_password", change_password, methods=["POST"])
    admin.add_url_rule("/account/sessions/<int:session_id>/end", "end_session", end_session, methods=["POST"])


@on_worker
def log_in() -> Response | tuple[str, int]:
    """A wrong account and a wrong password get the same answer."""
    target = inner_address(request.values.get("next"))
    if g.owner is not None:
        return redirect(target)
    if request.method == "GET":
        return _login_page(target, OWNER_LOGIN, None), 200
    login, password = request.form.get("login", ""), request.form.get("password", "")
    device = request.headers.get("User-Agent", "")
    result = parts().accounts.log_in(login, password, request.remote_addr or "", device)
    if isinstance(result, Refused):
        return _login_page(target, login, result), _STATUS.get(result, 401)
    session.clear()  # nothing that was known before the login is carried over
    response = redirect(target)
    who.remember(response, parts().settings, result)
    log.info("owner logged in")
    return response


@on_worker
def log_out() -> Response:
    parts().accounts.revoke(g.owner.id, g.owner.session_id)
    session.clear()
    response = redirect(url_for("admin.log_in"))
    who.forget(response, parts().settings)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@on_worker
def change_password() -> Response:
    """The new password twice, because nobody sees it; every other session ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        flash("הסיסמה החדשה לא נכתבה פעמיים אותו דבר.", "bad")
    elif refused := parts().accounts.change_password(g.owner, old, new):
        wrong = refused is Refused.WRONG
        flash("הסיסמה הנוכחית אינה נכונה." if wrong else admin_words.REFUSALS[refused], "bad")
    else:
        flash("הסיסמה הוחלפה, וכל שאר המכשירים נותקו.", "good")
    return redirect(url_for("admin.account"))


@on_worker
def end_session(session_id: int) -> Response:
    parts().accounts.revoke(g.owner.id, session_id)
    flash("המכשיר נותק.", "good")
    return redirect(url_for("admin.account"))


def inner_address(text: str | None) -> str:
    """Where to go after the login: only into our own pages, whatever the address says."""
    home = url_for("admin.day")
    is_ours = text is not None and text.startswith("/admin/") and text.isprintable() and "\\" not in text
    return text if text and is_ours else home


def _login_page(target: str, login: str, refused: Refused | None) -> str:
    return render_template("admin/login.html", target=target, login=login, refused=refused)
