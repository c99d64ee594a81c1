"""Tells a listener's open pages about a style that the listener kept on another one."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.room import User
from models.style import CaptionStyle
from pipeline.channel import Channel


class StyleNews:
    """Which connections follow whose caption style."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Channel[CaptionStyle]]] = {}

    @contextmanager
    def following(self, user: User | None) -> Iterator[Channel[CaptionStyle]]:
        """Give the styles that a person keeps until the context ends; a guest keeps none."""
        news = Channel[CaptionStyle](1)  # a style replaces the one that was not read yet
        if user:
            self._followers.setdefault(user.id, set()).add(news)
        try:
            yield news
        finally:
            news.close()
            if user:
                self._followers[user.id].discard(news)
                if not self._followers[user.id]:
                    del self._followers[user.id]

    def tell(
        self, user: User, style: CaptionStyle, *, besides: Channel[CaptionStyle] | None = None
    ) -> None:
        """Tell everybody who follows a person's style, ``besides`` who brought it."""
        for news in self._followers.get(user.id, ()):
            if news is not besides:
                news.put_nowait(style)
