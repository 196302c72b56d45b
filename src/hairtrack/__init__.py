"""hairtrack: dated scalp photos in, an honest progress report out."""

__version__ = "0.1.0"
