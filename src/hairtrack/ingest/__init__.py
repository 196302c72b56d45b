"""Files in, photos with their facts out. Originals are never altered, and nothing private of them is kept."""

from hairtrack.ingest.case_file import read_case_facts
from hairtrack.ingest.dates import DATE_NOT_USED
from hairtrack.ingest.decode import readable_formats
from hairtrack.ingest.draft import CaseDraft, DeclaredPhoto, PhotoSource
from hairtrack.ingest.open_case import open_case
from hairtrack.ingest.read import given_scale, load_photo, lone_photo, read_photo
from hairtrack.ingest.settings import IngestSettings
from hairtrack.ingest.settle import settle

__all__ = [
    "DATE_NOT_USED",
    "CaseDraft",
    "DeclaredPhoto",
    "IngestSettings",
    "PhotoSource",
    "given_scale",
    "load_photo",
    "lone_photo",
    "open_case",
    "read_case_facts",
    "read_photo",
    "readable_formats",
    "settle",
]
