"""Pixels without hair: array aliases, colour, geometry, keypoints, drawing. RGB everywhere."""
