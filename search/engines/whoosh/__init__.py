"""The engine on Whoosh."""
