"""The command gmmseg: its verbs, loaded when they are wanted, and how its errors end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from gmmseg import __version__
from gmmseg.cli.messages import complain
from gmmseg.errors import GmmsegError, InputError

_VERBS = {
    "segment": "Photos into segments: labels, masks, tables, drawings.",
    "fit": "One model of the colours of several pictures.",
    "apply": "Segment pictures by a model that was fitted before.",
    "regions": "Natural photos into regions at any detail: labels, borders, trees.",
    "cutout": "The subject of a photo, by a box around it or marks on it: softly cut out.",
    "patches": "The patches around all pixels in clusters: a photo beside itself, coloured by cluster.",
    "collection": "Pictures into clusters, each picture as a whole: sheets, tables, folders.",
    "background": "What moves in clips: masks, overlays, boxes, tables, a report.",
    "plate": "The clean background of a clip, or of photos with people in different places.",
    "anomaly": "What does not belong in pictures: heat maps, masks, boxes.",
    "table": "Rows of numbers, sparse ones too, into clusters: memberships, parameters, pictures.",
    "explain": "How EM fits a mixture, step by step, in pictures.",
    "sample": "Rows, colours or patches drawn from a model.",
    "info": "What is in pictures and model files.",
    "evaluate": "Score segments, regions and foreground masks against what people drew.",
}
_EPILOG = """\
\b
Examples:
  gmmseg segment photo.jpg
  gmmseg segment photos -r -k 5 --save labels,cutouts -o out
  gmmseg VERB --help

\b
Completion of verbs and options by Tab (or zsh, fish in place of bash):
  eval "$(_GMMSEG_COMPLETE=bash_source gmmseg)"

Exit codes: 0 all is well, 1 some inputs failed, 2 wrong usage, 130 interrupted.
"""


class Program(click.Group):
    """The group of all verbs; a verb's module is imported when the verb runs or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs, in the order in which people meet them."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """The command of a verb."""
        if cmd_name not in _VERBS:
            return None
        command: click.Command = getattr(import_module(f"gmmseg.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        """The verbs with a line each, without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed, for reports."""
        ctx.meta["gmmseg.command"] = shlex.join(["gmmseg", *args])
        return super().parse_args(ctx, args)

    def main(  # type: ignore[override]  # it never returns, in no mode
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **options: Any
    ) -> NoReturn:
        """Run, and exit with 0, 1 or 2; errors are told in one line."""
        options["standalone_mode"] = False
        try:
            code: object = super().main(args, prog_name or "gmmseg", **options)
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except click.Abort:
            complain("interrupted")
            code = 130
        except GmmsegError as error:
            complain(str(error))
            code = 2 if isinstance(error, InputError) else 1
        except OSError as error:
            complain(f"cannot go on with {error.filename or 'standard output'}: {error.strerror or error}")
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


@click.command("gmmseg", cls=Program, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gmmseg", message="%(prog)s %(version)s")
def program() -> None:
    """Segment pictures with Gaussian mixture models: fast, accurate, and soft."""
