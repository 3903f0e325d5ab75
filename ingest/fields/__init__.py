"""The record's fields (number, date, issuer, signer, recipients), each from text and evidence."""
