"""Game theory on payoff tensors: who could gain by acting otherwise, and where nobody can."""
