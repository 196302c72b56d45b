"""Head, hair and regions on whole-head photos; shafts, units and scale on close-ups."""
