"""Rows of other systems: read a table by a profile and bring its rows in (docs/import.md).

`profile` says how a table is built. `opening` knows what kind of file it is, `encoding` and `text`
read CSV and its kin, `workbook`, `parts`, `markup` and `values` read XLSX, `table` gives the rows
of either. `mapping` turns a row into a message, `spreading` gives a place to those without one,
`bringing` puts them in, batch by batch.
"""
