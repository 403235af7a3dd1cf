"""Everything is in pyproject.toml but this: the checkout's presets travel inside the installed package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["riffsynth*"]), "riffsynth.presets"],
    package_dir={"riffsynth.presets": "presets"},
    package_data={"riffsynth": ["embedded/**/*", "web/page/**/*"], "riffsynth.presets": ["*"]},
)
