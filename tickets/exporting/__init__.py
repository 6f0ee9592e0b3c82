"""导出: lists as CSV and XLSX with their filter, and one ticket's record as a bundle.

`lists` says what is in a list, `cells` makes a value safe, `files` writes them, `making` reads it
all in one snapshot into a temporary file and keeps who took it, `answering` sends that file.
`bundle` makes the audit bundle of a ticket (docs/export.md).
"""
