"""The shipped sample photos are what the committed script draws."""

import importlib.util
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hairtrack.imaging.drawing import encode_jpeg
from hairtrack.model import View
from hairtrack.synth.cases import photo_name, render_visit

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_sample_images", ROOT / "validation" / "make_sample_images.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_sample_photo_drawn_again_is_the_shipped_one(script):
    plan = script.transplant_plan("fue_on_course", survival=0.92, seed=11)
    visit = plan.visits[4]
    shipped = Image.open(ROOT / "sample_images" / "fue_on_course" / photo_name(plan, visit, View.TOP))
    again = Image.open(BytesIO(encode_jpeg(render_visit(plan, visit, View.TOP).rgb8, quality=plan.quality)))
    difference = np.abs(np.asarray(again, np.int16) - np.asarray(shipped, np.int16))
    assert difference.mean() < 0.5
