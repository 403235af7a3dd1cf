"""OSC address patterns."""

import time

import pytest

from riffsynth.control.osc_pattern import is_pattern, matches


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ("/a/seed", "/a/seed", True),
        ("/*/seed", "/a/seed", True),
        ("/*", "/a/seed", False),
        ("/*/*", "/a/seed", True),
        ("/a/s*d", "/a/seed", True),
        ("/a/seed*", "/a/seed", True),
        ("/?/seed", "/a/seed", True),
        ("/a?seed", "/a/seed", False),
        ("/[ab]/seed", "/b/seed", True),
        ("/[a-c]/seed", "/b/seed", True),
        ("/[!a-c]/seed", "/b/seed", False),
        ("/[!a]/seed", "/b/seed", True),
        ("/a[!x]seed", "/a/seed", False),
        ("/[a-]/seed", "/-/seed", True),
        ("/{a,b}/seed", "/b/seed", True),
        ("/{a,b}/{seed,prompt}", "/b/prompt", True),
        ("/{alpha,al}pha", "/alpha", True),
        ("/{a,b}/seed", "/c/seed", False),
        ("/a/see", "/a/seed", False),
        ("/a/seedy", "/a/seed", False),
        ("/**", "/seed", True),
    ],
)
def test_matching(pattern, address, expected):
    assert matches(pattern, address) is expected


@pytest.mark.parametrize("pattern", ["/[a", "/{a,b", "/*[", "/x{"])
def test_a_bracket_that_does_not_close_is_refused(pattern):
    with pytest.raises(ValueError, match="does not close"):
        matches(pattern, "/a")


def test_only_the_special_characters_make_a_pattern():
    assert not is_pattern("/riffsynth/a/seed")
    assert all(is_pattern(f"/x{character}") for character in "?*[{")


@pytest.mark.parametrize("pattern", ["/" + "*a" * 500, "/" + "{,a}" * 500 + "!", "/" + "{a,aa}*" * 500 + "!"])
def test_no_pattern_takes_long(pattern):
    """A matcher that tries one way after the other would not return from these in a lifetime."""
    matches(pattern, "/x")  # the pattern is split once
    start = time.process_time()
    matches(pattern, "/" + "a" * 40)
    assert time.process_time() - start < 1
