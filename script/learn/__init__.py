"""Training of the digit net: made lines, network, real lines; torch is needed here only (extra `learn`)."""
