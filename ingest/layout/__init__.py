"""Layout of an administrative document: letterhead, heading, subject, addressees, closing."""
