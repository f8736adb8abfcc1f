"""What is shown of a match, read in full for the few services that a page shows, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.queries import UnitFact, read_units
from directory.catalogue.models import Organisation, Service, ServiceLanguage
from directory.places.distance import shown_miles
from directory.search.candidates import fitting_units
from directory.search.conditions import Must, Surroundings
from directory.search.criteria import Criteria
from directory.search.explaining import failed_text, musts_met
from directory.search.ranking import Reason, Scored, explain


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as a result shows it."""

    id: str
    name: str
    kind: str
    phone: str
    professional_phone: str
    referral_email: str
    hours: str
    borough: str | None
    languages: tuple[str, ...]
    response_target_minutes: int | None


@dataclass(frozen=True, slots=True)
class OrganisationSummary:
    """The organisation behind a result."""

    id: str
    name: str
    by_and_for: bool
    phone: str
    website: str


@dataclass(frozen=True, slots=True)
class Match:
    """One service that answers the question; for a refuge with the units that fit and may be offered.

    `distance_miles` is rounded up to a band; None is unknown or more than 100 miles. `failed` names, for a near miss,
    the one condition that it did not meet, with a sentence.
    """

    service: ServiceSummary
    organisation: OrganisationSummary
    units: tuple[UnitFact, ...]
    score: float
    reasons: tuple[Reason, ...]
    distance_miles: int | None
    failed: tuple[Must, str] | None = None


class Details:
    """Reads in full the services that are shown, in a fixed number of statements."""

    def __init__(
        self,
        session: Session,
        criteria: Criteria,
        around: Surroundings,
        moment: Moment,
    ) -> None:
        self.session, self.criteria, self.around, self.moment = session, criteria, around, moment
        self.services: dict[str, tuple[Service, Organisation]] = {}
        self.languages: dict[str, tuple[str, ...]] = defaultdict(tuple)
        self.units: dict[str, tuple[UnitFact, ...]] = defaultdict(tuple)

    def load(self, page: Sequence[Scored], conditional: Sequence[Scored], others: Sequence[Scored]) -> None:
        """Read everything that the lists show; `others` have no units that fit."""
        ids = [scored.candidate.service_id for scored in (*page, *conditional, *others)]
        rows = self.session.execute(
            select(Service, Organisation)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(Service.id.in_(ids))
        )
        self.services = {service.id: (service, organisation) for service, organisation in rows}
        spoken = self.session.execute(
            select(ServiceLanguage.service_id, ServiceLanguage.language)
            .where(ServiceLanguage.service_id.in_(ids))
            .order_by(ServiceLanguage.language)
        )
        for service_id, language in spoken:
            self.languages[service_id] += (language,)
        self._load_units(_refuges(page), _refuges(conditional))

    def _load_units(self, outright: list[str], if_funded: list[str]) -> None:
        if not outright and not if_funded:
            return
        fits = or_(
            fitting_units(self.criteria, self.around, self.moment, outright),
            fitting_units(self.criteria, self.around, self.moment, if_funded, if_funded=True),
        )
        for unit in read_units(self.session, self.moment, fits):
            self.units[unit.service_id] += (unit,)

    def matches(self, scored: Sequence[Scored]) -> tuple[Match, ...]:
        """The matches for these rows, in their order."""
        return tuple(self._match(one) for one in scored)

    def _match(self, scored: Scored) -> Match:
        candidate = scored.candidate
        service, organisation = self.services[candidate.service_id]
        borough = self.around.boroughs.get(candidate.borough_code or "")
        reasons = explain(scored, self.criteria, self.moment)
        if candidate.failed is None:
            reasons += musts_met(self.criteria, is_refuge=candidate.is_refuge)
        return Match(
            service=ServiceSummary(
                id=service.id,
                name=service.name,
                kind=service.kind.value,
                phone=service.phone,
                professional_phone=service.professional_phone,
                referral_email=service.referral_email,
                hours=service.hours,
                borough=borough.name if borough else None,
                languages=self.languages[service.id],
                response_target_minutes=service.response_target_minutes,
            ),
            organisation=OrganisationSummary(
                organisation.id, organisation.name, organisation.by_and_for, organisation.phone, organisation.website
            ),
            units=self.units[service.id],
            score=scored.score,
            reasons=tuple(reasons),
            distance_miles=shown_miles(scored.miles) if scored.miles is not None else None,
            failed=_failed(candidate.failed, self.criteria),
        )


def _refuges(scored: Sequence[Scored]) -> list[str]:
    return [one.candidate.service_id for one in scored if one.candidate.is_refuge]


def _failed(name: str | None, criteria: Criteria) -> tuple[Must, str] | None:
    return (Must(name), failed_text(Must(name), criteria)) if name else None
