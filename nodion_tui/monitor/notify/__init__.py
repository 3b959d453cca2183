"""Who is notified of what? Rules, desktop notifications, hooks and missed runs."""
