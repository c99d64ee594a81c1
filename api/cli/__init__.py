"""The command line: ``roomscribe serve | demo | caption | import | search | …``."""

import argparse
import asyncio
import logging
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from api.settings import Settings
from models.errors import RoomscribeError

_FORMATS = ("txt", "vtt", "srt", "json", "ttml", "docx")
_ENGINES = ("auto", "faster-whisper", "pocketsphinx")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors that people can mend are one line, and the exit status is 2."""
    options = _parser().parse_args(arguments)
    errors = Console(stderr=True, highlight=False)
    try:
        settings = _settings(options)
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
        )
        return asyncio.run(_run(options, settings))
    except ValidationError as error:
        first = error.errors()[0]
        name = "ROOMSCRIBE_" + "_".join(str(part) for part in first["loc"]).upper()
        errors.print(f"[bold]{name}[/]: {first['msg']}", soft_wrap=True)
    except (RoomscribeError, OSError) as error:
        errors.print(f"[bold red]roomscribe:[/] {escape(str(error))}", soft_wrap=True)
    except KeyboardInterrupt:
        return 130
    return 2


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    # Each command brings libraries of its own, which the others need not wait for.
    match options.command:
        case "serve":
            from api.cli.serve import serve

            return await serve(settings)
        case "demo":
            from api.demo.show import demonstrate

            return await demonstrate(settings, once=options.once)
        case "caption":
            from api.cli.caption import Job, caption

            job = Job(
                file=options.file,
                format=options.format,
                out=options.out,
                language=options.language,
                translate=options.translate,
            )
            return await caption(settings, job)
        case "import":
            from api.cli import bring_in

            brought = bring_in.Job(
                file=options.file,
                title=options.title,
                language=options.language,
                by=options.by,
                captions=options.captions,
            )
            return await bring_in.bring_in(settings, brought)
        case "prove":
            from api.cli import prove

            speech = prove.Job(audio=options.audio, text=options.text, language=options.language)
            return await prove.prove(settings, speech)
        case "search":
            from api.cli import search

            wanted = search.Job(
                query=" ".join(options.query),
                exact=options.exact,
                everything=options.all,
                limit=options.limit,
                as_json=options.json,
            )
            return await search.search(settings, wanted)
        case "export":
            from api.cli import export

            asked = export.Job(
                room=options.room,
                format=options.format,
                output=options.output,
                instance=options.instance,
                track=options.track,
                whole=options.whole,
                force=options.force,
            )
            return await export.export(settings, asked)
        case "reindex":
            from api.cli.reindex import remake

            return await remake(settings)
        case "restore":
            from api.cli.restore import restore

            return await restore(settings, only_list=options.list, sound=options.sound)
        case _:
            from api.cli.doctor import examine

            return await examine(settings)


def _settings(options: argparse.Namespace) -> Settings:
    named = ("engine", "model", "host", "port", "data_dir")
    given = {name: getattr(options, name, None) for name in named}
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="roomscribe", description="Captions and recordings for live audio rooms."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the server")
    demo = commands.add_parser("demo", help="run the server with a live demonstration room")
    demo.add_argument("--once", action="store_true", help="end after one conversation")
    caption = commands.add_parser("caption", help="caption a media file")
    caption.add_argument("file", type=Path, metavar="FILE", help="any file that ffmpeg reads")
    caption.add_argument("--format", choices=_FORMATS, default="txt")
    caption.add_argument("--out", type=Path, help="write the captions to this file")
    caption.add_argument(
        "--language", default="en", help="the spoken language, or auto (default: en)"
    )
    caption.add_argument(
        "--translate",
        action="store_true",
        help="English captions; with --out NAME.vtt they are in NAME.en.vtt, beside the others",
    )
    bring_in = commands.add_parser("import", help="make a recording of a media file")
    bring_in.add_argument("file", type=Path, metavar="FILE", help="any file that ffmpeg reads")
    bring_in.add_argument("--title", default="", help="its title (default: the file's name)")
    bring_in.add_argument(
        "--language", default="en", help="the spoken language, or auto (default: en)"
    )
    bring_in.add_argument(
        "--captions",
        type=Path,
        metavar="CAPTIONS",
        help="its captions, in WebVTT or SubRip: no recogniser runs",
    )
    bring_in.add_argument("--by", default="Import", help="the name of its host")
    export = _add_export(commands)
    prove = commands.add_parser("prove", help="try whether whisper may do less work for each word")
    prove.add_argument("--audio", type=Path, action="append", default=[], metavar="FILE")
    prove.add_argument("--text", type=Path, action="append", default=[], help="what FILE says")
    prove.add_argument("--language", default="en", help="the spoken language (default: en)")
    search = commands.add_parser("search", help="find what was said in public rooms")
    search.add_argument("query", nargs="+", help='such as: walrus "came to tea" speaker:ada')
    search.add_argument("--exact", action="store_true", help="nothing that was misheard")
    search.add_argument("--all", action="store_true", help="in private rooms, too")
    search.add_argument("--limit", type=int, default=20, help="show so many (default: 20)")
    search.add_argument("--json", action="store_true", help="as the HTTP API gives it")
    reindex = commands.add_parser("reindex", help="make the search index anew from the journal")
    restore = commands.add_parser("restore", help="bring recordings back from the S3 store")
    restore.add_argument("--list", action="store_true", help="only say what the store has")
    restore.add_argument("--sound", action="store_true", help="bring the sound, too, at once")
    doctor = commands.add_parser("doctor", help="say what is installed and what would run")
    for command in (serve, demo):
        command.add_argument("--host", help="the address to listen on")
        command.add_argument("--port", type=int, help="the port to listen on")
    for command in (serve, demo, bring_in, export, search, reindex, restore):
        command.add_argument("--data-dir", type=Path, help="where everything is kept")
    for command in (serve, demo, caption, bring_in, doctor):
        command.add_argument("--engine", choices=_ENGINES, help="the recogniser (default: auto)")
    for command in (serve, demo, caption, bring_in, prove, doctor):
        command.add_argument("--model", help="the whisper model: a name, or a folder")
    return parser


def _add_export(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> argparse.ArgumentParser:
    export = commands.add_parser("export", help="write what was said in a room as a file")
    export.add_argument("room", metavar="ROOM", help="its id, or its title or a part of it")
    export.add_argument(
        "--format", choices=_FORMATS, help="(default: that of FILE's name, else txt)"
    )
    export.add_argument("--output", type=Path, metavar="FILE", help="(default: it is printed)")
    export.add_argument("--force", action="store_true", help="replace FILE if it is there")
    export.add_argument(
        "--instance", type=int, default=0, metavar="N", help="which time live (default: the last)"
    )
    export.add_argument("--track", default="", metavar="LANGUAGE", help="a translation, such as en")
    export.add_argument(
        "--whole", action="store_true", help="with what readers are not given, and private rooms"
    )
    return export
