"""Everything is in pyproject.toml but this: the checkout's presets travel inside the installed package."""

from setuptools import find_namespace_packages, setup

# Folders of data count as packages, too: setuptools warns of each one that is not named, at length.
setup(
    packages=[*find_namespace_packages(include=["riffsynth*"], exclude=["*__pycache__*"]), "riffsynth.presets"],
    package_dir={"riffsynth.presets": "presets"},
    package_data={"riffsynth": ["embedded/**/*", "web/page/**/*"], "riffsynth.presets": ["*"]},
)
