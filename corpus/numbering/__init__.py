"""Document numbers (số, ký hiệu) and dates: grammar, repair, matching keys."""
