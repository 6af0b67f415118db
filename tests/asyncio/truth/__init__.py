"""The truth battery: whatever the network does, callers are told nothing that is not so."""
