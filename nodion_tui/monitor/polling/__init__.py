"""Which list is fetched when? Priorities, request budget and back-off."""
