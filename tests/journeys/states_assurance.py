"""The register of disclosure requests and the page of assurance, in the states that people meet them in.

No entry of the register can be taken out again, so these enter the same few each time, which are entered once.
"""

import re
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import expect

from directory.assurance.disclosures import answer_request, record_request
from directory.assurance.facts import Entry
from directory.assurance.register import read_register
from directory.assurance.vocabulary import Basis, Decision, Requester, Subject
from directory.common.actor import SYSTEM
from directory.common.clock import london_date, utc_now
from tests.journeys.states import State
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

REGISTER = "/disclosures"
_TODAY = london_date(utc_now())
_LATE = Entry(
    received_on=_TODAY - timedelta(days=60),
    requester=Requester.OTHER_HOME_OFFICE,
    subject=Subject.HOUSEHOLDS,
    basis=Basis.DATA_PROTECTION_ACT,
    organisation_id=None,
    summary="By letter: how many households came from one borough, unit by unit.",
)
_ANSWERED = replace(
    _LATE,
    requester=Requester.IMMIGRATION_ENFORCEMENT,
    subject=Subject.PERSON,
    basis=Basis.NONE_GIVEN,
    summary="By telephone, without a ground.",
)
_WRONG = replace(_LATE, requester=Requester.PRESS, subject=Subject.STATISTICS, basis=Basis.FREEDOM_OF_INFORMATION_ACT)
_SUMMARIES = {"late": _LATE, "answered": _ANSWERED, "wrong": _WRONG}


def _numbers(visitor: Visitor) -> dict[str, int]:
    """The requests of these states, entered where they are not: one overdue, one answered, one corrected."""
    now = utc_now()
    with committing(visitor.site.database_url) as session:
        known = {(one.requester, one.summary): one for one in read_register(session, SYSTEM, now).entries[::-1]}
        found = {}
        for name, entry in _SUMMARIES.items():
            one = known.get((entry.requester, entry.summary))
            found[name] = one.number if one else record_request(session, entry, SYSTEM, now).number
            if one is None and name == "answered":
                answer_request(session, found[name], Decision.NOTHING_HELD, _TODAY, SYSTEM, now)
            if one is None and name == "wrong":
                right = replace(entry, requester=Requester.RESEARCHER, corrects=found[name])
                record_request(session, right, SYSTEM, now)
        return found


def _register(visitor: Visitor) -> None:
    _numbers(visitor)
    visitor.open(REGISTER)
    expect(visitor.main.get_by_text("Overdue", exact=True).first).to_be_visible()


def _every_mistake(visitor: Visitor) -> None:
    visitor.page.get_by_label("When did it come?").fill("")
    visitor.page.get_by_label("Summary (optional)").fill("Mrs Okonkwo of Marigold House, whose visa ran out.")
    visitor.main.get_by_role("button", name="Enter the request").click()
    visitor.mistakes.wait_for()
    _choose(visitor)
    visitor.main.get_by_role("button", name="Enter the request").click()
    expect(visitor.mistakes).to_contain_text("somebody’s name")


def _choose(visitor: Visitor) -> None:
    visitor.page.get_by_label("When did it come?").fill(_TODAY.isoformat())
    for label in ("Police", "A person", "None was given"):
        visitor.page.get_by_label(label, exact=True).check()


def _overdue(visitor: Visitor) -> None:
    visitor.open(f"{REGISTER}/{_numbers(visitor)['late']}")
    visitor.main.get_by_role("button", name="Record the answer").click()
    visitor.mistakes.wait_for()


def _answered_already(visitor: Visitor) -> None:
    """The form of the one that waits, sent to one that has been answered."""
    numbers = _numbers(visitor)
    visitor.open(f"{REGISTER}/{numbers['late']}")
    address = f"{REGISTER}/{numbers['answered']}/answer"
    visitor.main.locator("form").evaluate("(form, action) => { form.action = action }", address)
    visitor.page.get_by_label("Refused").check()
    visitor.main.get_by_role("button", name="Record the answer").click()
    expect(visitor.main).to_contain_text("has been answered already")


def _correct(visitor: Visitor) -> None:
    visitor.open(f"{REGISTER}/{_numbers(visitor)['late']}/correct")
    visitor.sees(re.compile("^Correct request"))


def _checked(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Check everything now").click()
    expect(visitor.main).to_contain_text("the chain is whole")


STATES = (
    State("disclosures", "disclosures.register", "provider", REGISTER, act=_register),
    State("disclosure-new", "disclosures.new", "commissioner", f"{REGISTER}/new", act=_every_mistake),
    State("disclosure-overdue", "disclosures.entry", "commissioner", REGISTER, act=_overdue),
    State("disclosure-answered", "disclosures.entry", "commissioner", REGISTER, act=_answered_already),
    State("disclosure-correct", "disclosures.correction", "commissioner", REGISTER, act=_correct),
    State("assurance", "assurance.page", "auditor", "/assurance"),
    State("assurance-checked", "assurance.page", "commissioner", "/assurance", act=_checked),
)
# What answers with something else than a page.
NOT_PAGES = {"disclosures.export", "assurance.export"}
