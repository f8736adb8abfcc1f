"""What a hostile reader of the pages for upkeep and editing tried: forms and addresses that are made to break them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.models import Service
from directory.upkeep.links import make_link
from tests import factories
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def token_of(client: PageClient, path: str) -> str:
    """The token of the first form on a page."""
    page = client.page(path)
    return next(form for form in map(page.form_values, page.all("form")) if "csrf_token" in form)["csrf_token"][0]


@pytest.mark.parametrize("seen", ["[" * 30_000, '{"a":' * 15_000, "[]", "null", '{"name": {"a": 1}}', "\\ud800"])
def test_what_a_form_carries_along_may_be_anything(
    client: PageClient, session: Session, sign_in: SignIn, seen: str
) -> None:
    service = factories.service(session)
    sign_in("provider", organisation_id=service.organisation_id)
    path = f"/listings/services/{service.id}/edit"
    for name in ("seen", "was"):
        fields = {"csrf_token": token_of(client, path), name: seen, "version": "9" * 30, "replaces": "-1"}
        assert client.post(path, data=fields).status_code in (303, 409, 422)


def test_many_made_up_units_are_none_of_ours(client: PageClient, session: Session, sign_in: SignIn) -> None:
    unit = factories.unit(session)
    sign_in("provider", organisation_id=session.get_one(Service, unit.service_id).organisation_id)
    token = token_of(client, "/provider")
    data = "&".join([f"csrf_token={token}", *(f"was.{number:x}=open" for number in range(17_000))])
    answer = client.post("/provider/units/confirm", data=data, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 404


@pytest.mark.parametrize("service_id", ["nothing", "%00", "a%01b", "%F0%9F%98%80", "x" * 3000])
def test_made_up_services(client: PageClient, sign_in: SignIn, service_id: str) -> None:
    sign_in("commissioner")
    token = token_of(client, "/manage/bulk")
    for path in (
        f"/manage/freshness/{service_id}/remind",
        f"/provider/contacts/{service_id}",
        f"/provider/contacts/{service_id}/cancel-links",
        f"/provider/services/{service_id}/confirm",
        f"/manage/bulk/{service_id}/apply",
        f"/manage/bulk/{service_id}/choose",
        f"/manage/bulk/{service_id}/columns",
        f"/manage/bulk/{service_id}/again",
        f"/manage/changes/{service_id}/undo",
        f"/manage/proposals/{service_id}/approve",
        f"/manage/proposals/{service_id}/return",
        f"/proposals/{service_id}/withdraw",
        f"/listings/services/{service_id}/edit",
        f"/listings/services/{service_id}/correct/name",
        f"/listings/units/{service_id}/versions/1/restore",
        f"/listings/services/{service_id}/status/published",
    ):
        answer = client.post(path, data={"csrf_token": token, "shown": "1", "row": "9" * 99})
        assert answer.status_code in (403, 404, 405), path
    for path in (
        f"/listings/services/new?owner={service_id}",
        f"/listings/units/new?owner={service_id}",
        f"/listings/services/new?proposal={service_id}",
        f"/listings/services/{service_id}/versions/compare?older=999999999&newer={service_id}",
        f"/u/{service_id}",
    ):
        assert client.get(path).status_code in (403, 404, 410), path
    for path in (
        f"/manage/listings?words={service_id}&kind={service_id}&status={service_id}&page={service_id}",
        f"/manage/freshness?page={service_id}",
        f"/manage/changes?page={service_id}",
        f"/proposals?page={service_id}",
        "/manage/changes?page=99999999",
        "/manage/listings?page=99999999",
        "/manage/proposals?page=99999999",
        "/proposals?page=99999999",
    ):
        assert client.get(path).status_code in (200, 422), path


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"kind": "units"}'),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n"),
        ("text/plain", b"\x00\xff"),
    ],
)
def test_bodies_that_are_no_forms(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime, content_type: str, body: bytes
) -> None:
    service = factories.service(session)
    factories.unit(session, service, confirmed_at=now - timedelta(days=2))
    link = "/u/" + make_link(session, [service.id], now)
    assert client.post(link, data=body, content_type=content_type).status_code == 422
    assert client.post("/sign-in", data=body, content_type=content_type).status_code == 400
    sign_in("commissioner")
    assert client.post("/manage/bulk", data=body, content_type=content_type).status_code == 400


def test_a_file_field_that_is_no_file(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")
    token = token_of(client, "/manage/bulk")
    for fields in (
        {},
        {"kind": "units"},
        {"kind": "units", "file": "text"},
        {"kind": ["units", "services"], "file": ""},
    ):
        data = {"csrf_token": token, **fields}
        assert client.post("/manage/bulk", data=data, content_type="multipart/form-data").status_code == 422
