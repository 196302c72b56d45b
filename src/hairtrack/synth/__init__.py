"""Scalps, cameras and histories with exact truth, drawn for tests, the demo and validation. Every picture is synthetic.

`scalp.grow_scalp` makes a head with its follicles; `states` say which hairs stand at a date and how long they are;
`photo.render_global` and `closeup.render_closeup` draw them and give back what is truly there.
"""
