"""The tree of genres: which styles a genre is kin to."""

from __future__ import annotations

import yaml

from training.genres import branches, kin

TREE = """\
- reggae:
    - roots reggae
    - ska:
        - two-tone
- electronic:
    - house:
        - deep house
        - juke
    - trance:
        - psytrance
    - rave music
- classical music:
    - opera
- comedy:
    - parody
- caribbean:
    - mento
    - reggae
"""


def test_every_branch_of_the_tree_is_found() -> None:
    found = list(branches(yaml.safe_load(TREE)))
    assert ("reggae", "ska", "two-tone") in found
    assert ("electronic",) in found
    assert len(found) == 18


def test_a_genre_is_kin_to_the_styles_nearest_around_it() -> None:
    found = kin(yaml.safe_load(TREE), ("reggae", "deep house", "house", "classical", "two tone"))
    assert found["ska"] == {"two tone"}
    assert found["juke"] == {"deep house", "house"}
    assert found["psytrance"] == found["rave"] == {"deep house", "house"}
    assert found["mento"] == {"reggae"}
    assert found["reggae"] == {"reggae", "two tone"}
    assert found["opera"] == found["classical"] == {"classical"}
    assert not {"parody", "comedy", "roots reggae"} & found.keys()
