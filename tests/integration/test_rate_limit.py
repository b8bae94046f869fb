"""tmdb_rate/take, the statement by which daemons share the rate: asked by two of
them in turn."""

import pytest

from statements import statement

TAKE = statement("tmdb_rate/take")
PERIOD = 0.05
HORIZON = 0.5
LONGEST = 2.6
US = 1000000


class Taker:
    """A daemon, as far as the budget is concerned. Times in seconds."""

    def __init__(self, database, guard=0.0):
        self.db = database.connect("rewatch_daemon")
        self.db.execute(f"PREPARE take AS {TAKE.text}")
        self.guard = guard
        self.last = (0, 0.0)

    def take(self, slots):
        """(granted, of the first slot or when to ask again, the answer's)"""
        now, granted, at, end = self.db.execute(
            "EXECUTE take" + TAKE.written({
                "name": "'tmdb'", "slots": slots, "period": PERIOD,
                "guard": self.guard, "ahead": HORIZON, "booking": LONGEST,
                "last_us": self.last[0], "last_guard": self.last[1]})
        ).fetchone()
        if granted:
            self.last = (end, self.guard)
        return granted, at / US, now / US

    def first(self, slots):
        granted, at, _ = self.take(slots)
        assert granted
        return at


@pytest.fixture
def takers(database):
    made = []

    def make(*guards):
        made.extend(Taker(database, guard) for guard in guards)
        return made

    yield make
    for taker in made:
        taker.db.close()


def test_the_first_slot_is_now(takers):
    [taker] = takers(0)
    granted, at, now = taker.take(4)
    assert granted and now - 0.1 < at <= now


def test_the_next_follow_one_another(takers):
    one, other = takers(0, 0)
    first = one.first(4)
    assert other.first(3) == pytest.approx(first + 4 * PERIOD, abs=1e-5)
    granted, again, _ = one.take(9)
    if granted:  # on a machine that was slow
        assert again == pytest.approx(first + 7 * PERIOD, abs=1e-5)


def test_whoever_is_unsure_keeps_away_from_others(takers):
    sure, unsure = takers(0, 0.02)
    first = sure.first(2)
    mine = unsure.first(2)
    assert mine == pytest.approx(first + 2 * PERIOD + 0.02, abs=1e-5)
    assert sure.first(2) == pytest.approx(mine + 2 * PERIOD + 0.02, abs=1e-5)


def test_but_not_from_what_it_took_itself(takers):
    [unsure] = takers(0.02)
    first = unsure.first(2)
    assert unsure.first(2) == pytest.approx(first + 2 * PERIOD, abs=1e-5)
    unsure.guard = 0.01
    assert unsure.first(2) == pytest.approx(first + 4 * PERIOD, abs=1e-5)


def test_the_answer_is_there_before_the_slot(takers):
    [far] = takers(0.2)
    _, at, now = far.take(1)
    assert now - 0.1 < at - 0.2 <= now


def test_nobody_books_beyond_the_horizon(takers):
    one, other = takers(0, 0)
    end = one.first(20) + 20 * PERIOD
    granted, again, now = other.take(1)
    assert not granted and again == pytest.approx(end - HORIZON, abs=1e-5)
    assert again > now


def test_a_pause_is_one_for_all(takers, database):
    [taker] = takers(0)
    database.query("UPDATE tmdb_rate SET blocked_at = clock_timestamp(), "
                   "blocked_until = clock_timestamp() + interval '9 s'")
    granted, again, now = taker.take(1)
    assert not granted and 8 < again - now < 9


@pytest.mark.parametrize("back", [10, 3600, 86400 * 400])
def test_a_clock_set_back(takers, database, back):
    """What was booked before is over before what is booked after, and nobody
    waits for the clock. Nor do two take the same slots then."""
    one, other = takers(0, 0.02)
    one.first(5)
    database.query("UPDATE tmdb_rate SET tat = tat + %s * interval '1 s'",
                   back)
    for taker in (one, other):
        granted, at, now = taker.take(5)
        if granted:
            break
    assert granted
    assert LONGEST - 0.1 < at - now < LONGEST + 0.1
    for taker in (one, other):
        granted, again, _ = taker.take(5)
        assert not granted
        assert again == pytest.approx(at + 5 * PERIOD - HORIZON, abs=0.05)
