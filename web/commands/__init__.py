"""The commands of `vanban`, one module each; web.cli imports one only when it is called."""
