"""审计包: the record of one ticket, to be read and checked far from here (docs/export.md).

`gathering` reads it in one snapshot, `telling` writes the page, `packing` the file or folder,
`making` puts them together and keeps who took it. `verify.py` goes into the bundle as it is and
needs nothing of Hubin.
"""
