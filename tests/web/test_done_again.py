"""What the database breaks off, as two who wait for each other's rows, is done again: nobody sees an error page."""

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.referrals.service import Keystore
from directory.web.pages.inbox import views
from directory.web.pages.referrals import drafting, following
from tests import factories
from tests.factories.referrals import referral
from tests.support.pages import PageClient
from tests.web.referring import refuge, status
from tests.web.test_referral_timeline import decline, worker_of

SignIn = Callable[..., User]
BreakOff = Callable[[ModuleType, str], list[str]]


@pytest.fixture
def keystore(app: Flask) -> Keystore:
    return app.extensions["keystore"]


@pytest.fixture
def break_off(monkeypatch: pytest.MonkeyPatch) -> BreakOff:
    """Have a function of a page's module do its work and then, the first time, be broken off as by a deadlock."""

    def given(module: ModuleType, name: str) -> list[str]:
        does, calls = getattr(module, name), list[str]()

        def stand_in(*given: Any, **named: Any) -> None:
            does(*given, **named)
            calls.append(name)
            if len(calls) == 1:
                raise OperationalError("UPDATE", {}, Exception("deadlock detected"))

        monkeypatch.setattr(module, name, stand_in)
        return calls

    return given


def entries(session: Session, event: str) -> int:
    """How often the audit trail tells of something."""
    query = text("SELECT count(*) FROM audit_entries WHERE event = :event")
    return session.execute(query, {"event": event}).scalar_one()


def test_the_next_step(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime, break_off: BreakOff
) -> None:
    officer, first, second = sign_in("officer"), refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first, second], now, covers_plan=True)
    decline(session, keystore, reference, worker_of(session, first), now)
    calls = break_off(following, "take_next_step")

    page = client.submit(f"/referrals/{reference}", {}, form=f"/referrals/{reference}/next")

    assert len(calls) == 2
    assert "Saffron House has until 3am to answer." in status(page)
    assert page.text.count("Saffron House was asked next") == 1
    assert entries(session, "referral_moved_on") == 1


def test_sending(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime, break_off: BreakOff
) -> None:
    reference = referral(session, keystore, sign_in("officer"), [refuge(session)], now, sent=False)
    calls = break_off(drafting, "send_referral")

    page = client.submit(f"/referrals/{reference}/check", {})

    assert len(calls) == 2
    assert "Marigold House has until 3am to answer." in status(page)
    assert session.execute(text("SELECT count(*) FROM holds WHERE ended_at IS NULL")).scalar_one() == 1


def test_declining_is_told_once(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime, break_off: BreakOff
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, factories.user(session), [unit], now)
    sign_in("provider", organisation_id=worker_of(session, unit).organisation_id)
    calls = break_off(views, "decline_referral")

    path = f"/provider/referrals/{reference}/decline"
    page = client.submit(path, {"declined_by": "survivor", "reason": "too_near"})

    assert len(calls) == 2
    assert page.text.count("Declined. The referrer has been told.") == 1
    assert entries(session, "referral_declined") == 1
