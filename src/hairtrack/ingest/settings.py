"""What ingest accepts, as one frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSettings:
    """Caps that keep one bad file from taking the machine with it.

    Parameters
    ----------
    max_megapixels
        Pictures above this are refused before a pixel is decoded; the largest phone sensors sold give 200 MP only in a
        special mode and 50 MP or less by default.
    max_file_bytes
        Files above this are refused unread; an uncompressed 16-bit TIFF of 30 MP has 180 MB.
    max_case_file_bytes
        A case.toml or JSON document above this is refused unread.
    """

    max_megapixels: float = 120.0
    max_file_bytes: int = 200_000_000
    max_case_file_bytes: int = 5_000_000
