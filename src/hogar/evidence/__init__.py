"""What came of it, and is all well? Judges results against what is known to be true.

`agreement` compares the households that were found with the true ones of a synthetic market. It reads files and
returns figures; neighbours: `households` makes what is judged, `cli` calls and prints.
"""
