"""A simulated caller over the real Media Streams protocol, and a demonstration with it."""
