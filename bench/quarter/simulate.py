"""Ninety days, hour by hour: the product reminds and sends links, people answer as their habits are, nothing is faked.

Reminders are written by `remind` and sent by `deliver_due` with real links; answers go through `answer`, and what
somebody confirms without a link goes through `confirm_units`, as the signed-in page does.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from bench.quarter.habits import AWAKE, PHONE_REACHES, WEEKEND
from bench.quarter.world import COMMISSIONER, Provider, make_world, read_units
from directory.capacity.availability import Moment
from directory.capacity.overdue import RANKED_LAST_FROM
from directory.capacity.updates import UnitAnswer, confirm_units
from directory.common.clock import LONDON
from directory.extensions import begin_writing
from directory.messaging.delivery import Outgoing, deliver_due
from directory.messaging.models import Channel
from directory.upkeep.freshness import freshness_report
from directory.upkeep.links import LinkState, open_link
from directory.upkeep.one_tap import answer, read_page
from directory.upkeep.reminders import remind
from directory.upkeep.sending import completion

BEGAN = date(2026, 9, 7)  # a Monday; the clocks go back within the ninety days
DAYS = 90
FRESH, COUNTS = timedelta(hours=24), timedelta(hours=72)
HOUR = timedelta(hours=1)
PUBLIC_URL = "https://directory.example.org"


@dataclass(frozen=True, slots=True)
class Sample:
    """One unit at the end of one hour: hours since its confirmation, and whether what is listed of it is true."""

    day: int
    habit: str
    age: float
    is_true: bool


@dataclass(slots=True)
class Quarter:
    """What came of it."""

    samples: list[Sample] = field(default_factory=list)
    messages: int = 0
    link_answers: int = 0
    own_accord: int = 0
    calls: int = 0


Act = Callable[[datetime], None]


class Simulation:
    """One run of the quarter; the same luck in each."""

    def __init__(self, url: str, *, reminders: bool, days: int = DAYS) -> None:
        self.reminders, self.days = reminders, days
        self.began = datetime.combine(BEGAN, time(), LONDON).astimezone(UTC)
        self.database, self.providers = make_world(url, self.began)
        self.now = self.began
        self.quarter = Quarter()
        self.by_id = {one.id: one for one in self.providers}
        self.by_address = {address: one for one in self.providers for address in (one.first, one.second)}
        self.to_do: dict[datetime, list[tuple[datetime, int, Act]]] = defaultdict(list)
        self.number = 0
        self.links = completion(self.database.new_session, FRESH, COUNTS)

    def run(self) -> Quarter:
        """Let the days pass."""
        while (hours := (self.now - self.began) // HOUR) < self.days * 24:
            day = hours // 24
            if hours % 24 == 0:
                self._begin_day(day)
            if self.reminders:
                remind(self.database.new_session, self._moment(self.now))
                self._deliver()
            for at, _, act in sorted(self.to_do.pop(self.now, []), key=lambda one: one[:2]):
                act(at)
            self.now += HOUR
            self._measure(day)
        self.database.engine.dispose()
        return self.quarter

    def send(self, message: Outgoing) -> None:
        """A message has arrived; who reads it may do something about it, hours later."""
        self.quarter.messages += 1
        if message.address == COMMISSIONER:
            self._later(self.now, 1, 3, "reads", self._call_around)
            return
        provider = self.by_address[message.address]
        habit, is_first = provider.habit, message.address == provider.first
        chance = provider.chance("answers" if is_first else "second answers", self.now)
        if chance.random() >= (habit.answers if is_first else habit.second_answers) * _week(self.now):
            return
        token = message.text.partition("/u/")[2].split()[0]
        within = habit.answers_within if is_first else habit.second_within
        self._later(self.now, 0, within, f"{message.address} answers", partial(self._tap, provider, token))

    def _begin_day(self, day: int) -> None:
        for provider in self.providers:
            provider.let_a_day_pass(day)
            chance = provider.chance("own accord", day)
            if chance.random() < provider.habit.own_accord * _week(self.now + 12 * HOUR):
                morning = self.now + chance.choice((8, 9, 10, 11)) * HOUR
                self._at(morning + timedelta(minutes=chance.randrange(60)), partial(self._own, provider))

    def _deliver(self) -> None:
        deliver_due(
            self.database.new_session, {Channel.EMAIL: self}.get, lambda: self.now, PUBLIC_URL, complete=self.links
        )

    def _later(self, now: datetime, least: int, most: int, what: str, act: Act) -> None:
        """Between so many hours from now, at a waking hour."""
        chance = self.providers[0].chance(what, now)
        at = now + timedelta(minutes=chance.randrange(least * 60 + 5, most * 60))
        while at.astimezone(LONDON).hour not in AWAKE:
            at += HOUR
        self._at(at, act)

    def _at(self, at: datetime, act: Act) -> None:
        self.number += 1
        self.to_do[at.replace(minute=0)].append((at, self.number, act))

    def _tap(self, provider: Provider, token: str, at: datetime) -> None:
        """Two taps: what is shown is compared with what is true."""
        with self.database.new_session() as session:
            begin_writing(session)
            link = open_link(session, token, at)
            if link.state is not LinkState.USABLE:
                return
            shown = [unit for one in read_page(session, link, self._moment(at)).services for unit in one.units]
            answers = {unit.id: UnitAnswer(unit.state, provider.truth[unit.id]) for unit in shown}
            answer(session, token, answers, (), at, self._moment(at))
            session.commit()
        self.quarter.link_answers += 1

    def _own(self, provider: Provider, at: datetime) -> None:
        """Somebody signs in and confirms."""
        self._confirm(provider, at)
        self.quarter.own_accord += 1

    def _call_around(self, at: datetime) -> None:
        """The commissioner looks at the freshness page, and phones whoever has left three reminders unanswered."""
        with self.database.new_session() as session:
            report = freshness_report(session, self._moment(at))
        for one in report.services:
            if one.reminders < RANKED_LAST_FROM:
                continue
            self.quarter.calls += 1
            provider = self.by_id[one.id]
            if provider.chance("is reached", at).random() < PHONE_REACHES:
                self._confirm(provider, at)

    def _confirm(self, provider: Provider, at: datetime) -> None:
        with self.database.new_session() as session:
            begin_writing(session)
            answers = {
                unit_id: UnitAnswer(state, provider.truth[unit_id])
                for _, unit_id, state, _ in read_units(session, provider)
            }
            confirm_units(session, [provider.id], answers, provider.account, at)
            session.commit()

    def _measure(self, day: int) -> None:
        with self.database.new_session() as session:
            for service_id, unit_id, state, confirmed_at in read_units(session):
                provider = self.by_id[service_id]
                age = (self.now - confirmed_at) / HOUR
                self.quarter.samples.append(Sample(day, provider.habit.name, age, state is provider.truth[unit_id]))

    def _moment(self, now: datetime) -> Moment:
        return Moment(now, FRESH, COUNTS)


def _week(at: datetime) -> float:
    return WEEKEND if at.astimezone(LONDON).weekday() >= 5 else 1.0


def simulate(url: str, *, reminders: bool, days: int = DAYS) -> Quarter:
    """Run the quarter on the empty database at `url`."""
    return Simulation(url, reminders=reminders, days=days).run()
