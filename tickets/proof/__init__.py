"""证明: recompute the record and audit the promises; reads only, changes nothing.

`chain.verify` walks every ticket's events, words and seals; `promises.audit` looks for a ticket
in limbo. Everything that decides is pure and small; `walk` and the rules read in batches.
"""
