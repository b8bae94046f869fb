"""The tests' own account of which titles may be fetched again."""

import invariants

LINES = """\
1\t200\t/3/movie/1?append_to_response=credits&language=en-US
2\t429\t/3/movie/2?append_to_response=credits&language=en-US
3\t200\t/3/movie/2?append_to_response=credits&language=en-US
4\t200\t/3/movie/3?append_to_response=credits,alternative_titles&language=en-US
5\t200\t/3/movie/3?append_to_response=credits,alternative_titles&language=en-US
6\t200\t/3/tv/4?append_to_response=credits,season/1&language=en-US
6\t200\t/3/tv/4?append_to_response=credits,season/1&language=en-US
6\t200\t/3/search/movie?query=a
7\t200\t/3/search/movie?query=a
8\t500\t/3/movie/1?append_to_response=credits&language=en-US
9\t200\t/3/movie/1?append_to_response=credits&language=en-US
"""
LOG = """\
event="jobs of a lost lease dropped" jobs=3
event="jobs rescued" rescued=2 recovered=1 dead=0
event="job failed" film=1
event="stale failure dropped" film=2
event="stale completion dropped" film=3
event="job done" film=4
"""


class Stub:
    @staticmethod
    def get(_):
        return type("Answer", (), {"body": LINES.encode()})


def test_what_is_fetched_again():
    calls = invariants.Calls(Stub)
    assert calls.repeated() == {"/3/movie/1": 2}


def test_what_is_a_reason():
    assert invariants.reasons(LOG) == 3 + 2 + 1 + 1 + 1 + 1
