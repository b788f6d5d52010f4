"""Side-by-side measurements: what the package claims about speed and faults, and the proof.

``python -m benchmarks NAME`` starts servers of its own on loopback, prints tables for people
and, as its last line, one JSON object with the claims.
"""
