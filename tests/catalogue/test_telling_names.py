"""The firewall, rule 3: names that tell a ring-fence are refused; ordinary names pass."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.catalogue.telling_names import telling_words
from tests.catalogue import folders

TELLING = [
    *("NRPF", "nrpf-01", "n.r.p.f.", "N-R-P-F room", "N R P F", "n1r2p3f4", "unitnrpf", "N\u200bRPF", "ＮＲＰＦ"),
    *(
        "No recourse room",
        "norecourse",
        "Recoursé",
        "public funds",
        "Public-Funds",
        "ring-fenced",
        "RINGFENCE",
        "Ring fence",
    ),
    *(
        "Immigration room",
        "asylum-2",
        "Destitute",
        "destitution",
        "visa",
        "VISA room",
        "v.i.s.a",
        "undocumented",
        "spousal",
    ),
    *("no-funds", "No Funds", "Migrant victims concession", "MVDAC", "mv-dac", "DDV", "D.D.V.", "section 17", "s17"),
]
ORDINARY = [
    *(
        "Marigold Room 1",
        "Visage House",
        "LDN-SAFE-2026",
        "Room 17",
        "BOROUGH-2027",
        "Flat 3",
        "vis a vis",
        "Supervisor's flat",
    ),
    *("Garden room", "Spring fencing hut", "Rose", "ddvice", "Funding stream A", "Recovery house", "Refuge 17", ""),
]


@pytest.mark.parametrize("name", TELLING)
def test_a_name_that_tells_is_found(name: str) -> None:
    assert telling_words(name)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_passes(name: str) -> None:
    assert telling_words(name) is None


@pytest.mark.parametrize(
    ("file", "cells", "column"),
    [
        ("units.csv", {"id": "rose-nrpf-1"}, "id"),
        ("units.csv", {"name": "N.R.P.F. room"}, "name"),
        ("units.csv", {"programme": "NO-RECOURSE-2026"}, "programme"),
        ("services.csv", {"name": "Rose House for destitute women"}, "name"),
        ("services.csv", {"id": "rose-nrpf-house"}, "id"),
    ],
)
def test_import_refuses_names_that_tell(
    session: Session, tmp_path: Path, now: datetime, file: str, cells: dict[str, str], column: str
) -> None:
    files = folders.small_catalogue()
    files[file][0].update(cells)
    if "id" in cells and file == "services.csv":
        files["units.csv"][0]["service_id"] = files["performance.csv"][0]["service_id"] = cells["id"]

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert [(error.file, error.row, error.column) for error in report.errors] == [(file, 2, column)]
    assert "neutral name" in report.errors[0].message


def test_a_service_that_is_no_refuge_may_say_what_it_advises_on(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    files = folders.small_catalogue()
    files["services.csv"][1] |= {"id": "rose-nrpf-advice", "name": "No recourse advice", "kind": "immigration_advice"}

    assert not import_folder(session, folders.write(tmp_path, files), now).refused
