"""The questions that are measured: as officers and advocates ask them, and drawn from the same vocabulary."""

import random
from typing import Any

from bench.generator import LANGUAGES, SEED, Vocabulary


def questions(words: Vocabulary, count: int) -> list[dict[str, Any]]:
    """`count` questions, always the same ones. Most name a place, a need and a household; some ask for nearly all."""
    chance = random.Random(SEED + 1)
    return [_question(words, chance) for _ in range(count)]


def _question(words: Vocabulary, chance: random.Random) -> dict[str, Any]:
    postcode = chance.choice(words.postcodes)[0]
    question: dict[str, Any] = {
        "near": chance.choice((postcode, postcode[:-2], postcode.split()[0], "Hackney", "Southall")),
        "gender": "woman",
    }
    maybe: dict[str, tuple[float, Any]] = {
        "need": (0.8, lambda: chance.sample(words.needs, chance.randint(1, 2))),
        "adults": (0.6, lambda: 1),
        "child": (0.5, lambda: [f"{chance.randint(0, 16)}{chance.choice('fm')}" for _ in range(chance.randint(1, 3))]),
        "nrpf": (0.4, lambda: True),
        "space": (0.3, lambda: True),
        "open": (0.1, lambda: True),
        "language": (0.4, lambda: [chance.choice(LANGUAGES)]),
        "community": (0.3, lambda: [chance.choice(words.communities)]),
        "by_and_for": (0.3, lambda: True),
        "access": (0.1, lambda: [chance.choice(words.access)]),
        "avoid": (0.3, lambda: chance.sample(words.boroughs, 2)),
        "within": (0.2, lambda: chance.choice((3, 5, 10))),
        "prefer_distance": (0.3, lambda: "far"),
    }
    return question | {name: draw() for name, (share, draw) in maybe.items() if chance.random() < share}
