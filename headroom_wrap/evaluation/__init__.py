"""Evaluations: the same questions with and without shortening, offline or answered by a model.

A suite is a module in `suites`, a reader a module in `readers`; all else is the same for all.
"""
