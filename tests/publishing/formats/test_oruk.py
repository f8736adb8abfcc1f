"""Listings as Open Referral UK 3.0 has them: what its profile requires, and nothing that must stay here."""

import json
from uuid import UUID

from directory.common.paging import Paging
from directory.publishing.formats.oruk import oruk_edition, oruk_organisation, oruk_page, oruk_service
from tests.publishing.formats.world import EALING, organisation_body, service_body, terms

BASE = "https://directory.example.org"


def test_a_service_has_what_the_profile_requires() -> None:
    made = oruk_service(service_body(), organisation_body(), terms(), BASE)

    assert (made["name"], made["status"], made["url"]) == ("Lantern advice", "active", "https://lantern.example.org")
    assert UUID(made["id"]).version == 5
    assert made["organization"]["id"] == made["organization_id"]
    assert made["organization"]["description"] == ""
    assert made["phones"][0]["number"] == "020 7946 0001"
    assert made["assured_date"] == "2026-11-01"
    assert made["minimum_age"] == 16
    assert "maximum_age" not in made
    assert [one["code"] for one in made["languages"]] == ["es", "pt"]
    assert made["eligibility_description"] == (
        "Women, 16 and over. Takes people who have no recourse to public funds: yes."
    )


def test_schedules_are_rules_by_weekday() -> None:
    schedules = oruk_service(service_body(), None, terms(), BASE)["schedules"]

    assert [(one["freq"], one["byday"], one["opens_at"], one["closes_at"]) for one in schedules] == [
        ("WEEKLY", "MO,TU,WE,TH,FR", "09:00", "17:00")
    ]
    assert schedules[0]["description"].endswith("closed on bank holidays")


def test_hours_that_no_week_can_say_come_as_they_are() -> None:
    made = oruk_service(service_body(hours="Mar-Oct 24/7"), None, terms(), BASE)

    assert [set(one) for one in made["schedules"]] == [{"id", "description"}]
    assert "schedules" not in oruk_service(service_body(hours=""), None, terms(), BASE)


def test_attributes_link_to_terms_that_say_their_taxonomy() -> None:
    attributes = oruk_service(service_body(), None, terms(), BASE)["attributes"]

    found = {(one["link_type"], one["taxonomy_term"]["term"], one["taxonomy_term"]["taxonomy"]) for one in attributes}
    assert found == {
        ("service_type", "advocacy", "Kinds of service"),
        ("topic", "Domestic abuse", "Needs"),
        ("accessibility", "Step-free entrance", "Access features"),
        ("audience", "Latin American", "Communities"),
    }
    assert all(one["taxonomy_term"]["id"] == one["taxonomy_term_id"] for one in attributes)
    led = oruk_organisation(organisation_body(), terms())["attributes"]
    assert [one["link_type"] for one in led] == ["led_by_and_for"]


def test_a_secret_place_is_a_borough_and_nothing_else() -> None:
    """Even if a body held a postcode that it must not hold, it would not come out."""
    body = service_body(location_disclosure="secret", borough=EALING, postcode="W5 2BS", areas=[])

    made = oruk_service(body, None, terms(), BASE)

    location = made["service_at_locations"][0]["location"]
    assert location["name"] == "Ealing; the address is kept secret"
    assert set(location) == {"id", "location_type", "name"}
    assert "W5" not in json.dumps(made)


def test_only_a_public_place_has_an_address_and_none_has_coordinates() -> None:
    made = oruk_service(service_body(), None, terms(), BASE)

    (address,) = made["service_at_locations"][0]["location"]["addresses"]
    assert (address["postal_code"], address["country"]) == ("E8 3PN", "GB")
    assert "latitude" not in json.dumps(made)
    assert [area["name"] for area in made["service_areas"]] == ["Hackney", "All of London"]


def test_the_same_thing_has_the_same_identifier_for_ever() -> None:
    """Whoever keeps a copy knows by it what has changed: a change here would make all of it new to them."""
    assert oruk_service(service_body(), None, terms(), BASE)["id"] == "40cfdac3-d3f0-51c1-aa9e-40ee7d45c842"


def test_pages_say_where_they_are() -> None:
    page = oruk_page([{"id": "1"}], 41, Paging(3, 20))

    assert (page["total_items"], page["total_pages"], page["page_number"], page["size"]) == (41, 3, 3, 1)
    assert (page["first_page"], page["last_page"], page["empty"]) == (False, True, False)
    assert oruk_page([], 0, Paging())["empty"]


def test_an_edition_is_one_page() -> None:
    made = oruk_edition([service_body(), service_body(id="other")], [organisation_body()], terms(), BASE)

    assert (made["total_items"], made["total_pages"], made["size"], made["last_page"]) == (2, 1, 2, True)
