"""Measures are data: each is defined, and what is divided by what is said."""

from pathlib import Path

import pytest

from directory.publishing.performance.facts import MeasureUnit
from directory.publishing.performance.measures import FILE, PARTS, measure, measures, read_measures


def test_every_measure_is_defined() -> None:
    found = measures()

    assert len(found) == 20
    for one in found:
        assert one.name, one.code
        assert one.definition.endswith("."), one.code
        assert bool(one.denominator) == (one.unit is MeasureUnit.PERCENT), one.code
        assert measure(one.code) == one
    assert set(PARTS) < {one.code for one in found}
    assert measure("unheard_of") is None


def test_measures_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    header, first, *_ = FILE.read_text(encoding="utf-8").splitlines()
    wrong = {
        "stands there twice": [first, first],
        "is no measure": [first.replace(",,,,Service", ",,,unheard_of,Service")],
        "says what is divided": [first.replace(",referrals,", ",percent,")],
    }
    for message, lines in wrong.items():
        path = tmp_path / "measures.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            read_measures(path)
