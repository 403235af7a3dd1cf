"""Riffusion's HTTP answer: its web app and its clients find here what they found at their own server."""
