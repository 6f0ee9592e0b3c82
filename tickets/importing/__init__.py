"""Rows of other systems: read a table by a profile and bring its rows in (docs/import.md).

`profile` says how a table is built, `table` reads the file, `mapping` turns a row into a message,
`spreading` gives a place to those without one, `bringing` puts them in, batch by batch.
"""
