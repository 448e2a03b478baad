"""How does a delivered file become a plain one? Unpacked and recoded to UTF-8 beside the work, or taken as
it is.

Takes a file and its encoding; gives a path to read. A damaged archive is a `FileFault`, never half a file.
After: `csv_file`, `staging`.
"""

from __future__ import annotations

import codecs
import gzip
import shutil
import zlib
from pathlib import Path

from hogar.sources.csv_file import FileFault


def plain_file(path: Path, encoding: str, aside: Path) -> Path:
    """The file as plain UTF-8: `path` itself where it is, else a copy at `aside`. Raises `FileFault`.

    Bytes that the encoding does not know stay as they are, so that the reader finds them in their line.
    """
    try:
        codec = codecs.lookup(encoding)
    except LookupError as error:
        cure = 'in hogar.toml, for example encoding = "latin-1"'
        raise FileFault(f"there is no encoding `{encoding}`", cure) from error
    packed = path.name.lower().endswith(".gz")
    utf8 = codec.name in ("utf-8", "utf-8-sig", "ascii")
    if not packed and utf8:
        return path
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as source, aside.open("wb") as target:
            if utf8:
                shutil.copyfileobj(source, target, 1 << 20)
            else:
                decode = codec.incrementaldecoder("surrogateescape")
                while chunk := source.read(1 << 20):
                    target.write(decode.decode(chunk).encode("utf-8", "surrogateescape"))
                target.write(decode.decode(b"", final=True).encode("utf-8", "surrogateescape"))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileFault("the archive is damaged", "deliver it again") from error
    except UnicodeError as error:
        raise FileFault(f"it is not {encoding}", "name its encoding in hogar.toml") from error
    return aside
