"""How does the engine answer HTTP requests? The only room that knows the web server."""
