"""What `make bench-digests` is made of."""
