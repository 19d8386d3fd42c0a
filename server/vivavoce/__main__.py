"""`python -m vivavoce` is the command line."""

from vivavoce.cli import main

if __name__ == "__main__":
    main()
