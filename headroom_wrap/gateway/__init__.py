"""The reverse proxy: requests told apart by path, shortened, sent on, answers streamed back.

`forward` is one exchange (body in → pipeline → provider → answer out), `sockets` the same for
WebSockets, `api` what is answered here.
"""
