"""What came of it, and is all well? Judges results against what is known to be true.

`agreement` compares the households that were found with the true ones of a synthetic market; `score` judges all of a
resolution, line users, roles and members at other operators too. Both read files and return figures; neighbours:
`households` makes what is judged, `cli` calls and prints.
"""
