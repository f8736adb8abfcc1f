"""`python -m directory` is the command line."""

from directory.cli.main import main

if __name__ == "__main__":
    main()
