"""渠道: the ways out of the house by which people are told (DESIGN §5).

`messages` is what they share: a Message, a Target, what was Sent and what was NotSent.
"""
