"""Who was asked three times in vain stands last and says so, until it confirms."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.capacity.overdue import DueSubject, UnansweredReminders
from directory.capacity.updates import UnitAnswer, confirm_units
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import AcceptsNrpf, ServiceKind
from directory.extensions import Database
from directory.search.alternatives import next_best
from directory.search.questions import read_question
from directory.search.ranking import MOST_SPARE_FEATURES, WEIGHTS
from directory.search.service import Answer, search
from tests import factories
from tests.support.databases import count_statements


def moment(now: datetime) -> Moment:
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def ask(session: Session, now: datetime, **question: object) -> Answer:
    return search(session, read_question(session, question), moment(now))


def remind_in_vain(session: Session, service: Service, times: int, subject: DueSubject = DueSubject.UNITS) -> None:
    now = datetime.fromisoformat("2026-11-20T09:00+00:00")
    session.add(
        UnansweredReminders(
            service_id=service.id, subject=subject, count=times, first_at=now, last_on=date(2026, 11, 21)
        )
    )
    session.flush()


@pytest.mark.parametrize("subject", DueSubject)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_from_the_third_reminder_on_it_stands_last_and_says_so(
    session: Session, now: datetime, times: int, subject: DueSubject
) -> None:
    best = factories.service(
        session,
        factories.organisation(session, communities=["latin-american"], by_and_for=True),
        kind=ServiceKind.ADVOCACY,
        languages=["es"],
        verified_on=now.date(),
    )
    poor = factories.service(session, kind=ServiceKind.ADVOCACY, hours="", borough_code=factories.EALING)
    remind_in_vain(session, best, times, subject)

    results = ask(session, now, near="Hackney", language=["es"], community=["latin-american"], by_and_for=True).results

    is_last = times == 3
    assert [match.service.id for match in results] == ([poor.id, best.id] if is_last else [best.id, poor.id])
    said = [reason.text for match in results for reason in match.reasons if reason.code == "not_confirmed"]
    assert said == (["Not confirmed after three reminders: phone them"] if is_last else [])


def test_no_points_outweigh_it() -> None:
    others = {code: weight.points for code, weight in WEIGHTS.items() if code != "not_confirmed"}
    best = sum(points for points in others.values() if points > 0)
    worst = others["scarce"] * MOST_SPARE_FEATURES

    assert best + WEIGHTS["not_confirmed"].points < worst


def test_a_confirmation_mends_it_at_once(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        silent, other = factories.service(session), factories.service(session, hours="")
        units = [factories.unit(session, one, confirmed_at=now - timedelta(days=2)) for one in (silent, silent, other)]
        ids = silent.id, other.id
        remind_in_vain(session, silent, 3)

    def order() -> list[str]:
        with database.new_session() as session:
            return [match.service.id for match in ask(session, now, adults=1).results]

    def confirm(unit: Unit) -> None:
        with database.new_session.begin() as session:
            confirm_units(session, [unit.service_id], {unit.id: UnitAnswer(unit.state, unit.state)}, "user-1", now)

    assert order() == [ids[1], ids[0]]
    confirm(units[0])
    assert order() == [ids[1], ids[0]], "the other unit is still to be confirmed"
    confirm(units[1])
    assert order() == [ids[0], ids[1]]
    database.engine.dispose()


def test_it_costs_no_statement_more(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        service = factories.service(session)
        factories.unit(session, service)
        silent = factories.service(session)
        factories.unit(session, silent)

    def statements() -> list[str]:
        with database.new_session() as session:
            ask(session, now, adults=1)
            with count_statements(database.engine) as sent:
                ask(session, now, adults=1)
        return sent

    before = statements()
    with database.new_session.begin() as session:
        remind_in_vain(session, silent, 3)
    after = statements()
    database.engine.dispose()

    assert len(after) == len(before)
    assert not any("unanswered_reminders" in statement for statement in after)


def test_instead_of_a_space_that_has_gone_the_confirmed_come_first(session: Session, now: datetime) -> None:
    house = factories.service(session, accepts_nrpf=AcceptsNrpf.YES)
    lost, near = (factories.unit(session, house) for _ in range(2))
    farther = factories.unit(
        session, factories.service(session, accepts_nrpf=AcceptsNrpf.YES, borough_code="E09000030")
    )
    remind_in_vain(session, house, 3)

    found = next_best(session, None, lost.id, moment(now))

    assert [unit.id for match in found for unit in match.units] == [farther.id, near.id]
