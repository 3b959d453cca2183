"""What does the service say? The only room that knows HTTP.

`client` speaks to the API, `follow` keeps up with one run's log whatever happens to the
connection. `events` and `backoff` import no HTTP library, so that others can name what they hold.
"""
