"""A second reader of single lines beside Tesseract: AsterNet's network run by onnxruntime, under a head of our own.

Two recognisers that fail differently are worth more than one that is a little better: where they agree a value can be
trusted, where they do not there is a question to ask. It reads lines that someone else cut; it finds nothing by itself.
"""
