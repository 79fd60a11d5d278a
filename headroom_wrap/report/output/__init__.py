"""What steering saves of the output, by comparison with conversations that were held out."""

from __future__ import annotations
