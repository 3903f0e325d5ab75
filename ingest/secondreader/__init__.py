"""Second reader of single lines next to Tesseract: AsterNet's network run by onnxruntime, under a head of our own.

Two recognisers that fail differently are worth more than one that is a little better: where they agree a value can
be trusted, where they disagree there is a question to ask. It reads lines cropped elsewhere; it finds none itself.
"""
