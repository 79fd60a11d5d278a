"""Texts and hostile inputs that several tests read."""

from __future__ import annotations

MANUAL = """\
# Watching files

The watcher reports changes with inotify on Linux and with FSEvents on macOS. Polling is not used
unless `poll: true` is set. It costs about 8 % of a core for 10,000 files.

## Limits

Linux refuses more than `fs.inotify.max_user_watches` watches per user; the default is 8192. When
the limit is reached, the watcher prints `ENOSPC` and stops. Do not raise the limit above 524288
without more memory, because each watch takes 1 kB.

```sh
sysctl fs.inotify.max_user_watches=524288
```

| option | default |
|---|---|
| poll | false |
| interval | 100 ms |

Network drives never deliver events. The colours of the log can be changed with `--theme`. Themes
are read from the configuration folder. Each theme is a TOML file. The community maintains about
forty of them. Most people keep the one that ships.

The project started in 2014 as a weekend experiment. It moved to its own organisation in 2017. The
logo was drawn by a friend of the first maintainer. Stickers are available at conferences.
"""
LIMIT = "How many watches does Linux allow per user by default?"

GERMAN = (
    "Der Wächter meldet Änderungen über das Betriebssystem. Größere Übersichten müssen zunächst "
    "überprüft werden, außer für Übungszwecke. Öffentliche Schlüssel gehören nicht dorthin. "
) * 6
RUSSIAN = "Наблюдатель сообщает об изменениях. Опрос не используется, если он не включён. " * 8

HOSTILE = {
    "empty": "",
    "white space": " \n\t\r\n  ",
    "one word": "word",
    "nul": "The \0 default is not 5. Another sentence follows here. " * 5,
    "lone surrogate": "The \ud800 default is not 5. Another sentence follows. " * 5,
    "crlf": MANUAL.replace("\n", "\r\n"),
    "carriage returns": MANUAL.replace("\n", "\r"),
    "form feeds": MANUAL.replace("\n\n", "\f\n"),
    "no full stop": "watch " * 4000,
    "one long word": "a" * 30_000,
    "our own notes": "[… 12 words]\n[… 3 sentences] The default is 5. … It is not 6. " * 6,
    "open fence": "```\n" + "The default is 5. It is not 6.\n" * 20,
    "deep list": "\n".join("  " * (i % 30) + f"- item {i} is not done" for i in range(200)),
    "only marks": "!?.,;:- " * 500,
    "truncated": MANUAL[:611],
    "russian": RUSSIAN,
    "ideographs": "監視は変更を報告します。既定値は五です。" * 40,
    "right to left": "ברירת המחדל היא חמש. לא שש. " * 30,
    "combining": "The de\u0301fault is not o\u0308ne. " * 30,
}
