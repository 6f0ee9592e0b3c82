"""The figures of a leader: rates with their denominators, and always the rows behind them.

`scope` says whose tickets, of which time, narrowed to what; `facts` are the rows that count;
`counting` counts them all in one statement; `behind` lists them. Number and list are made of
the same conditions.
"""
