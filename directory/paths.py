"""Where the project's own files are, whatever folder a command is started from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
MIGRATIONS = ROOT / "migrations"
SEED_DATA = ROOT / "seed_data"
STATIC = ROOT / "directory" / "web" / "static"
INSTANCE = ROOT / "instance"
