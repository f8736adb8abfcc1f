"""What forms of editing are made of."""

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.editing.columns import COLUMNS, FieldInput
from directory.editing.fields import fields_for, label_of, wording
from tests import factories
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World

# Written on other ways: see `columns.COLUMNS`.
ELSEWHERE = {"id", "organisation_id", "service_id", "status", "state", "confirmed_at"}


@pytest.mark.parametrize("kind", [ORGANISATION, SERVICE, UNIT])
def test_every_column_of_the_files_can_be_edited_or_is_written_elsewhere(kind: object) -> None:
    table = next(table for of_kind, table in LISTING_TABLES.items() if of_kind is kind)

    editable = [spec.column for specs in [COLUMNS[of] for of in COLUMNS if of is kind] for spec in specs]

    assert set(editable) == {column.name for column in table.in_file} - ELSEWHERE
    assert len(editable) == len(set(editable))


@pytest.mark.parametrize("kind", [ORGANISATION, SERVICE, UNIT])
def test_whatever_is_chosen_from_has_choices_with_names(session: Session, kind: object) -> None:
    factories.taxonomies(session)
    factories.unit(session, programme="LDN-SAFE-2026")
    of_kind = next(one for one in COLUMNS if one is kind)

    fields = fields_for(session, of_kind, "commissioner")

    chosen = {FieldInput.CHOICE, FieldInput.CODES, FieldInput.YES_NO}
    assert [field.column for field in fields if (field.input in chosen) != bool(field.choices)] == []
    required = {column.name for column in LISTING_TABLES[of_kind].in_file if column.required} - ELSEWHERE
    assert {field.column for field in fields if field.required} == required


def test_texts_of_files_are_said_as_people_say_them(world: World) -> None:
    say = wording(world.session, SERVICE)

    assert say("needs", "forced-marriage;domestic-abuse") == "Domestic abuse, Forced marriage"
    assert say("areas", f"london;{factories.HACKNEY}") == "All of London, Hackney"
    assert say("languages", "tr") == "Turkish"
    assert say("accepts_nrpf", "if_funded") == "If somebody pays"
    assert say("organisation_id", world.organisation.id) == "Rowan Collective"
    assert say("needs", "no-longer-there") == "no-longer-there"
    assert (say("needs", ""), say("hours", "24/7")) == ("", "24/7")
    assert wording(world.session, ORGANISATION)("by_and_for", "yes") == "Yes"
    assert wording(world.session, UNIT)("service_id", world.service.id) == "Rowan House"


def test_columns_that_no_form_has_are_named_all_the_same() -> None:
    assert (label_of(SERVICE, "status"), label_of(UNIT, "service_id"), label_of(UNIT, "no_such")) == (
        "Status",
        "Service",
        "no_such",
    )
