"""Citations in a document's text: mentions, their issuers and types, relations."""
