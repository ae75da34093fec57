"""Trade of energy in a community of prosumers: orders, clearing, metered settlement."""
