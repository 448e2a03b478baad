"""`hogar serve`: the API for web, app, call centre and shop."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from hogar.app import api_key, opened
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import Output
from hogar.runtime.api import serve as serve_engine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where to listen.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    open_: Annotated[bool, typer.Option("--open", help="No authentication; on loopback only.")] = False,
    browser: Annotated[bool, typer.Option("--browser", help="Show the first page in a browser.")] = False,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Serve decisions over HTTP to web, app, calls and shops.

    Consumes events as they arrive and delivers messages, until Ctrl-C. Demands the API key of the environment
    variable HOGAR_API_KEY from callers, unless --open.

    Thin: one process; the console of pages comes later, / shows what there is.
    """
    output = Output(json=json)

    def started(address: str) -> None:
        output.say(f"serving on {address} (Ctrl-C ends it)")
        output.result({"address": address})
        if browser:
            webbrowser.open(address)

    with opened(project, now) as engine:
        engine.live()
        serve_engine(engine, host=host, port=port, api_key=api_key(), open_=open_, started=started)
