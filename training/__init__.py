"""How the embedded model is made: compose, render, train, measure, export. Not part of the package."""
