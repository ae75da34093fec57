"""How manipulable each mechanism is on a grid: exact misreports against truthful bids.

The base is truth: every party bids worst cost less cost, and authority passes on in sequence,
as `market.decision.decide` has it, from seat 0 in the first window through all days of a pair.
In each window on its own, one party then departs from truth, the others' bids and who holds
authority in that window being as they are. Worth is counted in whole ticks.
"""
