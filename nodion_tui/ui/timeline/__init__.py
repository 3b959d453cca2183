"""When did runs run? Bars over time, statistics of each runner, and a duration plot."""
