"""The order of the rooms: the only floor that knows it."""
