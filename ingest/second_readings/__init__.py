"""Second readings of parts that the first one may have missed: signature, table cells, lines of number and
date.
"""
