"""Where is it kept? Built state on disk (`state`), tables through DuckDB (`warehouse`), facts and profiles.

Reads and writes files below a project's `.hogar/`; knows nothing of why. Below: `telco`, `errors`.
Above: every room that keeps something.
"""
