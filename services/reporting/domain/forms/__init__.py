"""Statutory forms: their design, how a commune's form is filled and checked, how a province's is summed."""
