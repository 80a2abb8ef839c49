"""Providers' reports of what was used, read over the network with an administrator's key."""
