"""Keeping the register: entered, answered once, corrected by a further entry, and no name gets into it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.assurance.disclosures import AnsweredAlreadyError, answer_request, record_request
from directory.assurance.facts import Whose, tallies, working_days_between
from directory.assurance.models import DisclosureRequest
from directory.assurance.register import read_register, read_request
from directory.assurance.vocabulary import ANSWERS, Decision, Requester
from directory.audit.models import AuditEntry
from directory.common.actor import SYSTEM
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError
from directory.extensions import Database, begin_writing
from tests import factories
from tests.assurance.requests import CAME, acting, asked, commissioner, entered

REFUSAL = "an answered disclosure request is never changed"


def problems(session: Session, now: datetime, **values: Any) -> list[FieldProblem]:
    """What entering such a request is refused for."""
    with pytest.raises(InvalidInputError) as refused:
        record_request(session, asked(**values), commissioner(session), now)
    return refused.value.problems


def audited(session: Session) -> list[tuple[str, str]]:
    """What the trail tells of the register, in order."""
    query = select(AuditEntry).where(AuditEntry.event.like("disclosure%")).order_by(AuditEntry.sequence)
    return [(entry.event, entry.details) for entry in session.scalars(query)]


def test_a_request_is_entered_and_answered(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    number = record_request(session, asked(summary="By  letter."), keeper, now).number
    answer_request(session, number, Decision.NOTHING_HELD, date(2026, 11, 5), keeper, now)
    session.commit()

    found = read_request(session, number, keeper, now)

    assert (found.summary, found.decision, found.days, found.waits) == ("By letter.", Decision.NOTHING_HELD, 3, False)
    assert audited(session) == [
        ("disclosure_recorded", f'{{"disclosure":{number},"requester":"immigration_enforcement"}}'),
        ("disclosure_answered", f'{{"decision":"nothing_held","disclosure":{number}}}'),
    ]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"received_on": date(2026, 11, 23)}, "received_on", "must have come already"),
        ({"received_on": date(2019, 12, 31)}, "received_on", "from 1 January 2020 on"),
        ({"organisation_id": "nowhere"}, "organisation_id", "from the list"),
        ({"summary": "x" * 301}, "summary", "at most 300"),
        ({"summary": "a\x00b"}, "summary", "cannot be kept"),
        ({"decision": Decision.REFUSED, "answered_on": CAME}, "decision", "entered first"),
        ({"answered_on": CAME}, "decision", "entered first"),
    ],
)
def test_what_cannot_be_true_is_refused(
    session: Session, now: datetime, values: dict[str, Any], field: str, words: str
) -> None:
    (problem,) = problems(session, now, **values)

    assert problem.field == field
    assert words in problem.message


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ("Asked about her visa.", "immigration status"),
        ("Asked where Mrs Okonkwo is.", "somebody’s name"),
        ("Asked for AB123456C.", "identity, case or reference number"),
        ("Asked by 07700 900123.", "phone number"),
        ("Asked whether E8 3PN is a refuge.", "address or a full postcode"),
        ("Asked by someone@example.org.", "e-mail address"),
        ("Somebody born 12/03/1991.", "date of birth"),
        ("Asked for all Turkish women.", "nationality"),
        ("Asked ROSE  HOUSE for its residents.", "names “Rose House”"),
        ("Asked RoseHouse, or rose_house.", "names “Rose House”"),
        ("Asked Solace for its residents.", "names “Solace”"),
        ("Asked the Garden Flat for its residents.", "names “Garden Flat”"),
    ],
)
def test_the_summary_is_screened(session: Session, now: datetime, summary: str, words: str) -> None:
    factories.organisation(session, name="Rose House")
    factories.service(session, factories.organisation(session, name="Solace"), name="Garden Flat")

    assert any(one.field == "summary" and words in one.message for one in problems(session, now, summary=summary))
    assert session.scalars(select(DisclosureRequest)).all() == []


@pytest.mark.parametrize(
    "summary", ["", "By letter.", "Asked for solace and a garden flat: how many households came in October."]
)
def test_the_screen_lets_other_summaries_pass(session: Session, now: datetime, summary: str) -> None:
    factories.service(session, factories.organisation(session, name="Solace"), name="Garden Flat")

    assert entered(session, commissioner(session), now, summary=summary)


def test_the_same_request_is_not_entered_twice(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    first = entered(session, keeper, now)

    again = record_request(session, asked(summary=" "), keeper, now)

    assert (again.number, again.already) == (first, True)
    assert not record_request(session, asked(summary="By letter, again."), keeper, now).already
    answer_request(session, first, Decision.REFUSED, CAME, keeper, now)
    assert not record_request(session, asked(), keeper, now).already


@pytest.mark.parametrize(
    ("decision", "answered_on", "field", "words"),
    [
        (Decision.PENDING, CAME, "decision", "Choose"),
        (Decision.REFUSED, None, "answered_on", "Enter the date"),
        (Decision.REFUSED, date(2026, 11, 23), "answered_on", "given already"),
        (Decision.REFUSED, date(2026, 11, 1), "answered_on", "cannot be older than the request, of 2 November 2026"),
    ],
)
def test_an_answer_that_cannot_be_true_is_refused(
    session: Session, now: datetime, decision: Decision, answered_on: date | None, field: str, words: str
) -> None:
    keeper = commissioner(session)
    number = entered(session, keeper, now)

    with pytest.raises(InvalidInputError) as refused:
        answer_request(session, number, decision, answered_on, keeper, now)

    assert [(one.field, words in one.message) for one in refused.value.problems] == [(field, True)]
    assert read_request(session, number, keeper, now).waits


def test_a_request_is_answered_once(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    number = entered(session, keeper, now, decision="refused")

    with pytest.raises(AnsweredAlreadyError, match="answered already"):
        answer_request(session, number, Decision.DISCLOSED, CAME, keeper, now)
    with pytest.raises(NotFoundError):
        answer_request(session, number + 1, Decision.REFUSED, CAME, keeper, now)


def test_a_mistake_is_put_right_by_a_further_entry(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    wrong = entered(session, keeper, now, decision="disclosed")
    right = asked(corrects=wrong, requester=Requester.POLICE, decision=Decision.REFUSED, answered_on=CAME)

    number = record_request(session, right, keeper, now).number
    session.commit()

    register = read_register(session, keeper, now)
    assert [(one.number, one.stands, one.corrects, one.corrected_by) for one in register.entries] == [
        (number, True, wrong, None),
        (wrong, False, None, number),
    ]
    assert [(one.requester, one.answers[Decision.REFUSED], one.total) for one in tallies(register.standing)] == [
        (Requester.POLICE, 1, 1)
    ]
    assert [event for event, _ in audited(session)][-2:] == ["disclosure_recorded", "disclosure_answered"]


def test_an_entry_is_corrected_once_and_not_answered_after(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    wrong = entered(session, keeper, now)
    entered(session, keeper, now, requester=Requester.PRESS, corrects=wrong)

    with pytest.raises(AnsweredAlreadyError, match="corrected by entry"):
        record_request(session, asked(requester=Requester.COURT, corrects=wrong), keeper, now)
    with pytest.raises(AnsweredAlreadyError, match="corrected by entry"):
        answer_request(session, wrong, Decision.REFUSED, CAME, keeper, now)
    with pytest.raises(NotFoundError):
        record_request(session, asked(corrects=999), keeper, now)
    assert len(read_register(session, keeper, now).waiting) == 1


def test_a_correction_that_changes_nothing_is_refused(session: Session, now: datetime) -> None:
    wrong = entered(session, commissioner(session), now)

    (problem,) = problems(session, now, corrects=wrong)

    assert "says all of this" in problem.message


def test_days_are_working_days_and_twenty_are_in_time(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    in_time = entered(session, keeper, now, received_on=date(2026, 10, 23))
    overdue = entered(session, keeper, now, received_on=date(2026, 10, 22))
    late = entered(session, keeper, now, received_on=date(2026, 8, 3), decision="refused", answered_on=date(2026, 9, 2))

    register = read_register(session, keeper, now)
    found = {one.number: one for one in register.entries}

    assert (found[in_time].days, found[in_time].late, found[in_time].due_on) == (20, False, date(2026, 11, 20))
    assert (found[overdue].days, found[overdue].late) == (21, True)
    # 31 August was a bank holiday: without it there would be 22.
    assert (found[late].days, found[late].late) == (21, True)
    assert [one.number for one in register.overdue] == [overdue]
    assert working_days_between(CAME, CAME - timedelta(days=1)) == 0


def test_a_provider_reads_everything_but_the_names_of_others(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    provider = factories.user(session, "provider")
    other = factories.organisation(session, name="Other Women")
    for organisation_id in (provider.organisation_id, other.id, None):
        entered(session, keeper, now, organisation_id=organisation_id)

    for reader in (keeper, acting(factories.user(session, "auditor")), SYSTEM):
        found = read_register(session, reader, now).entries
        assert [one.whose for one in found] == [Whose.NOBODY, Whose.NAMED, Whose.NAMED]
        assert found[1].organisation == "Other Women"
    for reader in (acting(provider), replace(acting(provider), role="officer")):
        found = read_register(session, reader, now).entries
        assert [one.whose for one in found] == [Whose.NOBODY, Whose.ANOTHER, Whose.OWN]
        assert (found[1].organisation, found[1].organisation_id) == ("", "")
        assert read_request(session, found[1].number, reader, now) == found[1]
        assert other.id not in repr(found)
        assert "Other Women" not in repr(found)


# What the database itself refuses.


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.sampled_from(ANSWERS),
    change=st.sampled_from(
        [
            "UPDATE disclosure_requests SET decision = 'pending', answered_on = NULL WHERE id = {}",
            "UPDATE disclosure_requests SET summary = 'Another.' WHERE id = {}",
            "UPDATE disclosure_requests SET requester = 'press', answered_by = 'user-99' WHERE id = {}",
            "UPDATE disclosure_requests SET id = id + 1000 WHERE id = {}",
            "UPDATE disclosure_requests SET recorded_by = recorded_by WHERE id = {}",
            "DELETE FROM disclosure_requests WHERE id = {}",
            "DELETE FROM disclosure_requests",
            "INSERT INTO disclosure_requests SELECT * FROM disclosure_requests WHERE id = {}"
            " ON CONFLICT (id) DO UPDATE SET decision = 'pending', answered_on = NULL",
        ]
    ),
)
def test_an_answered_request_cannot_be_changed(session: Session, now: datetime, answer: Decision, change: str) -> None:
    number = entered(session, commissioner(session), now, decision=answer)
    before = session.execute(text("SELECT * FROM disclosure_requests ORDER BY id")).all()

    with pytest.raises(DBAPIError, match=REFUSAL), session.begin_nested():
        session.execute(text(change.format(number)))

    assert session.execute(text("SELECT * FROM disclosure_requests ORDER BY id")).all() == before


def test_nor_replaced_nor_truncated(session: Session, now: datetime) -> None:
    entered(session, commissioner(session), now, decision="refused")
    changes = {
        "sqlite": "REPLACE INTO disclosure_requests SELECT * FROM disclosure_requests",
        "postgresql": "TRUNCATE disclosure_requests",
    }

    with pytest.raises(DBAPIError, match=REFUSAL), session.begin_nested():
        session.execute(text(changes[session.get_bind().dialect.name]))


def test_that_is_the_triggers_doing(session: Session, now: datetime) -> None:
    number = entered(session, commissioner(session), now, decision="refused")
    where = " ON disclosure_requests" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER disclosure_requests_no_update{where}"))

    session.execute(text("UPDATE disclosure_requests SET summary = 'Another.' WHERE id = :id"), {"id": number})

    assert session.scalar(select(DisclosureRequest.summary)) == "Another."


def test_of_two_who_answer_at_once_one_is_told(database: Database, now: datetime) -> None:
    with database.new_session() as session:
        keeper = commissioner(session)
        number = entered(session, keeper, now)
    barrier, outcomes = Barrier(2), list[str]()

    def answer(decision: Decision) -> None:
        with database.new_session() as session:
            barrier.wait(timeout=30)
            begin_writing(session)
            try:
                answer_request(session, number, decision, CAME, keeper, now)
                session.commit()
                outcomes.append(decision.value)
            except AnsweredAlreadyError:
                outcomes.append("too late")

    threads = [Thread(target=answer, args=(one,)) for one in (Decision.REFUSED, Decision.DISCLOSED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    with database.new_session() as session:
        kept = read_request(session, number, keeper, now).decision.value
    assert sorted(outcomes) == sorted([kept, "too late"])
