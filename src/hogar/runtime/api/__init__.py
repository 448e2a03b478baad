"""How do other systems ask over HTTP? A server around the engine, its calls, and the process that serves them.

`serve` runs a process until it is told to end; `application` is the ASGI application of a `Server`, `CALLS` lists what
it answers. `handlers` decide, explain and take events and answers; `steering` changes what is live; `messages` are the
types, `openapi` and `page` say what there is, `metrics` count, `writer` commits many decisions at once. Below:
`inbound`, `explain`, `strategies`. Above: `cli`.
"""

from hogar.runtime.api.routes import CALLS, application
from hogar.runtime.api.server import Server
from hogar.runtime.api.serving import serve
from hogar.runtime.api.writer import TooBusy

__all__ = ["CALLS", "Server", "TooBusy", "application", "serve"]
