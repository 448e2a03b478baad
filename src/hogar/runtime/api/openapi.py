"""What does the API offer, in the form that tools read? OpenAPI 3.1, written from the types of the messages.

Pure: routes in, one document out. Neighbours: `routes` has them, `messages` the types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hogar.runtime.api.messages import Error


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call: method, path with `{names}`, a line of purpose, types of body and answer, numbers in the query."""

    method: str
    path: str
    summary: str
    body: Any = None
    answer: Any = None
    status: int = 200
    media: str = "application/json"
    query: tuple[str, ...] = ()


def openapi(operations: Sequence[Operation], *, version: str, protected: bool) -> bytes:
    """The document, as JSON."""
    types = [
        type_ for operation in operations for type_ in (operation.body, operation.answer) if type_ is not None
    ]
    schemas, components = msgspec.json.schema_components(
        [*types, Error], ref_template="#/components/schemas/{name}"
    )
    by_type = dict(zip([*map(id, types), id(Error)], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, by_type)
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Hogar",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }
    if protected:
        document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
    return msgspec.json.encode(document)


def _operation(operation: Operation, by_type: dict[int, Any]) -> dict[str, Any]:
    content = {} if operation.answer is None else {"schema": by_type[id(operation.answer)]}
    error = {
        "description": "what is wrong, and what to do",
        "content": {"application/json": {"schema": by_type[id(Error)]}},
    }
    found: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {
            str(operation.status): {"description": operation.summary, "content": {operation.media: content}},
            "default": error,
        },
    }
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "integer"}}
        for name in operation.query
    ]
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_type[id(operation.body)]}},
        }
    return found
