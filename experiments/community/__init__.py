"""Communities of prosumers: their days, what could be at best, tournaments of strategies."""
