"""WordNet's files: whose meanings are music, and what is said where they are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.wordnet import Sense, musical, nouns

FILE = """\
  1 This software and database is being provided to you, the LICENSEE, by
00000100 06 n 02 musical_instrument 0 instrument 1 001 @ 00000900 n 0000 | it makes musical tones; "an old one"
00000200 06 n 01 horn 0 002 @ 00000100 n 0000 ~ 00000300 n 0000 | sounded by blowing
00000300 06 n 03 Cornet 0 horn 1 trump 1 002 @ 00000200 n 0000 + 00000800 v 0101 | brass with a brilliant tone
00000400 20 n 01 cornet 2 001 @ 00000900 n 0000 | a paper cone; "a cornet of ices"
00000500 11 n 01 rave 0 000 | a party with synthesized music; "raves are popular"
00000600 10 n 01 musicality 0 000 | what musicals lack
00000900 03 n 01 thing 0 000 | an object
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data.noun").write_text(FILE)
    return tmp_path


def test_a_sense_has_its_words_and_no_examples(folder: Path) -> None:
    found = nouns(folder)
    assert len(found) == 7
    assert found["00000300"] == Sense(("cornet", "horn", "trump"), "brass with a brilliant tone", ("00000200",))
    assert found["00000400"].gloss == "a paper cone"


def test_music_is_what_lies_below_its_roots_or_says_so(folder: Path) -> None:
    words = musical(nouns(folder))
    assert words["cornet"] == ("brass with a brilliant tone",)
    assert words["horn"] == ("sounded by blowing", "brass with a brilliant tone")
    assert words["rave"] == ("a party with synthesized music",)
    assert not words.keys() & {"thing", "musicality"}


def test_what_to_install_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="wordnet-base"):
        nouns(tmp_path)
