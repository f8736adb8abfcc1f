import pytest
from directory.capacity.files import edit_catalogue, RowEdit
from directory.catalogue.versions.models import ChangeKind
from directory.editing.proposals import propose_new, propose, correct
from directory.common.errors import DomainError
from tests.editing.world import *
BAD = ["a\x00b", "\ud800", "x"*5000, "\u202e", " "]
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("kind,col", [(SERVICE,"organisation_id"),(UNIT,"service_id"),(SERVICE,"id"),(UNIT,"id"),(ORGANISATION,"id"),(UNIT,"programme"),(SERVICE,"needs"),(SERVICE,"postcode"),(SERVICE,"hours")])
def test_edit(world, bad, kind, col):
    ids = {SERVICE: world.service.id, UNIT: world.unit.id, ORGANISATION: world.organisation.id}
    edit = RowEdit(kind, bad, {"name":"x"}) if col=="id" else RowEdit(kind, ids[kind], {col: bad})
    for dry in (True, False):
        rep = edit_catalogue(world.session, [edit], world.now, kind=ChangeKind.UPLOAD, made_by="user-1", dry_run=dry)
        assert rep.refused or bad in (" ", "\u202e"), rep
@pytest.mark.parametrize("bad", BAD)
def test_new(world, bad):
    for kw in ({"listing_id": bad}, {"owner_id": bad}, {"replaces": 1}, {"explanation": bad}):
        for kind in (ORGANISATION, SERVICE, UNIT):
            args = {"owner_id": world.organisation.id if kind is SERVICE else world.service.id, "explanation": "", **kw}
            try: propose_new(world.session, kind, wanted={"name": bad}, actor=world.commissioner, now=world.now, **args)
            except DomainError: pass
            try: propose_new(world.session, kind, wanted={"name": "abc"}, actor=world.commissioner, now=world.now, **args)
            except DomainError: pass
@pytest.mark.parametrize("bad", BAD)
def test_fields(world, bad):
    from directory.editing.columns import COLUMNS
    for kind, lid in ((SERVICE, world.service.id),(UNIT, world.unit.id),(ORGANISATION, world.organisation.id)):
        for spec in COLUMNS[kind]:
            for actor in (world.commissioner, world.provider):
                try: world.propose({spec.column: bad}, actor, kind=kind, listing_id=lid)
                except DomainError: pass
                try: world.propose({spec.column: "abc"}, actor, kind=kind, listing_id=lid, base={spec.column: bad})
                except DomainError: pass
            try: world.correct(spec.column, bad, kind=kind, listing_id=lid)
            except DomainError: pass
            try: world.correct(spec.column, "x", kind=kind, listing_id=lid, seen=bad)
            except DomainError: pass
