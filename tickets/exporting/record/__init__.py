"""审计包: the record of one ticket, to be read and checked far from here (docs/export.md).

`gathering` reads it in one snapshot, `telling` writes the page, `packing` the file or folder,
`making` puts them together and keeps who took it. `index.css` and `verify.py` go into the bundle as
they are; the verifier needs nothing of Hubin.
"""
