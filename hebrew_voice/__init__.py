"""A program that speaks Hebrew: text in, telephone audio out, over a pipe.

It stands outside the server on purpose: espeak-ng and piper-tts are GPL-3, and espeak-ng is one global state that wants
a process of its own. Nothing in `server/` imports it, and it imports nothing of `server/`.
"""
