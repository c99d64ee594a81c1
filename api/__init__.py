"""The outside: settings, the composition root, HTTP, websockets and the command line."""
