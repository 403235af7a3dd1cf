"""riffsynth: an instrument in which a diffusion model paints spectrograms and a streaming synthesiser plays them."""

__version__ = "0.1.0"
