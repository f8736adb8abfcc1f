"""What may be a password, and how one is kept."""

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type

from directory.accounts import passwords
from directory.common.errors import InvalidInputError

GOOD = "teapot lantern gravel"
EMAIL = "sam.carter@met.example"


@pytest.fixture
def real_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters of the product, which other tests make cheap."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
    monkeypatch.setattr(passwords, "_hasher", hasher)


@pytest.mark.parametrize("password", [GOOD, "żółć ręka słoń 夜", "x9!kqmwz72bd", "a very long sentence " * 9])
def test_long_and_varied_passwords_pass(password: str) -> None:
    passwords.check_new_password(password, EMAIL)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x9!kqmwz72bd" * 20, "at most 200"),
        ("teapot\x00lantern gravel", "cannot be typed"),
        ("password1234", "easy to guess"),
        ("Password123!", "easy to guess"),
        ("LondonPolice123", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("121212121212", "easy to guess"),
        ("qwertyqwerty1", "easy to guess"),
        ("sam.carter-2026", "e-mail address"),
        ("my sam.carter@met.example", "e-mail address"),
        ("SAM.CARTER is here", "e-mail address"),
    ],
)
def test_what_could_be_guessed_is_refused(password: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        passwords.check_new_password(password, EMAIL)

    assert [problem.field for problem in refused.value.problems] == ["password"]
    assert said in refused.value.problems[0].message
    assert not password or password not in str(refused.value)


def test_a_short_name_in_the_address_forbids_nothing() -> None:
    passwords.check_new_password("random teapot gravel", "an@met.example")


@pytest.mark.usefixtures("real_parameters")
def test_a_password_is_kept_as_argon2id_with_owasp_parameters() -> None:
    kept = passwords.hash_password(GOOD)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(kept) <= 200
    assert passwords.verify_password(kept, GOOD)
    assert not passwords.verify_password(kept, GOOD + " ")
    assert not passwords.needs_rehash(kept)


def test_the_product_itself_uses_those_parameters() -> None:
    # `quick_passwords` in conftest.py replaces the hasher, so read the source of truth: a fresh import of the module.
    import importlib.util

    spec = importlib.util.find_spec("directory.accounts.passwords")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_with_other_parameters_is_recognised() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2, type=Type.ID).hash(GOOD)

    assert passwords.verify_password(weaker, GOOD)
    assert passwords.needs_rehash(weaker)


def test_an_accent_may_be_typed_in_either_way() -> None:
    kept = passwords.hash_password("caf\u00e9 teapot lantern")

    assert passwords.verify_password(kept, "cafe\u0301 teapot lantern")


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$broken"])
def test_what_is_no_hash_fits_no_password(kept: str) -> None:
    assert not passwords.verify_password(kept, GOOD)
    assert not passwords.verify_password(kept, "")


def test_no_password_is_as_much_work_to_refuse_as_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "waste_as_much_time", hashed.append)

    assert not passwords.verify_password("", "something else")

    assert hashed == ["something else"]
