"""A stream of messages through the whole chain, in simulated time and a database of its own.

`apart` makes that database, `stream` reads the messages, `roster` knows who holds which post,
`simulation` keeps time and order, `intake`, `handling`, `outcome` and `reply` hold what people
and sweeps do next in each state, `account` says how it went (docs/import.md).
"""
