"""`python -m gmmseg` is the command gmmseg."""

from __future__ import annotations

from gmmseg.cli import main

if __name__ == "__main__":
    main()
