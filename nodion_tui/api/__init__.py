"""What does the service say? The only package that imports an HTTP library.

`client` has one method per endpoint; `follow` follows one run's log across connection losses.
`follow.events` imports no HTTP library, so other packages can use its types.
"""
