"""The line below an agent's prompt: what this session saved, and under it the user's own line.

It is asked for every few seconds, so nothing heavy is imported here: no typer, rich or msgspec.
"""
