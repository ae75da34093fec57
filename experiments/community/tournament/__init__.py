"""The tournament of prosumers: strategies in every mix, under every trading rule."""
