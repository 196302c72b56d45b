"""The ports do what a run counts on: order, repeatability, a day that stands still."""

import operator
from datetime import date

import numpy as np
import pytest

from hairtrack.pipeline.ports import FixedClock, NamedRandom, PoolExecutor, SerialExecutor, SystemClock, usable_cores


def test_a_pool_gives_answers_in_the_order_of_the_items() -> None:
    with PoolExecutor(2) as pool:
        assert list(pool.map(operator.neg, range(20))) == [-number for number in range(20)]


def test_a_pool_gives_what_one_hand_gives() -> None:
    items = [5, 3, 9]
    with PoolExecutor(2) as pool:
        assert list(pool.map(operator.neg, items)) == list(SerialExecutor().map(operator.neg, items))


def test_a_single_item_starts_no_process() -> None:
    with PoolExecutor(2) as pool:
        assert list(pool.map(operator.neg, [1])) == [-1]
        assert pool._pool is None


def test_no_process_is_left_when_the_pool_closes() -> None:
    with PoolExecutor(2) as pool:
        list(pool.map(operator.neg, [1, 2]))
        assert pool._pool is not None
    assert pool._pool is None


def test_a_fixed_clock_stands_still() -> None:
    assert FixedClock(date(2026, 1, 10)).today() == date(2026, 1, 10)


def test_the_system_clock_knows_a_plausible_day() -> None:
    assert SystemClock().today() >= date(2026, 1, 1)


def test_the_same_name_gives_the_same_stream_and_another_name_another() -> None:
    first = NamedRandom().generator("bootstrap").random(4)
    assert np.array_equal(first, NamedRandom().generator("bootstrap").random(4))
    assert not np.array_equal(first, NamedRandom().generator("bootstrop").random(4))


def test_at_least_one_core_is_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert usable_cores() >= 1
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert usable_cores() == 1
