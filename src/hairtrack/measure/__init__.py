"""Numbers from masks and hairs: every measurand with its uncertainty by source."""
