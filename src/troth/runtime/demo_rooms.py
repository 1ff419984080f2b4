"""Demo rooms: the acts of a story by which made-up people open a company's room, come in, post and answer.

Each goes through the services and the gate like anybody's.  Only the network is made up: every domain shows
its proof, and no page outside is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from troth.runtime.company import Company
from troth.runtime.outside import Outside, nowhere
from troth.runtime.rooms import rooms_of
from troth.services import feed, instances, members
from troth.services.domains import domain_of
from troth.services.feed import Draft
from troth.services.instances import HOST, Unfit
from troth.services.previews import Preview


def pretended(company: Company) -> Outside:
    """Return a network in which each domain that has a room shows its proof, and nothing else is."""
    rooms = rooms_of(company)

    def txt(name: str) -> Sequence[str]:
        found = instances.by_domain(rooms, name.removeprefix(f"{HOST}."))
        return (found.record,) if found is not None else ()

    return Outside(txt=txt, page=nowhere().page) if instances.known(company.policy) else nowhere()


@dataclass(slots=True)
class Rooming:
    """The acts of one story; ``numbers`` remembers posts by the story's own word for them."""

    company: Company
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def verbs(self) -> dict[str, Callable[..., object]]:
        """Return each act by its word in ``demo.toml``."""
        return {
            "open_room": self.open_room,
            "come_in": self.come_in,
            "post": self.post,
            "answer_post": self.answer_post,
            "like": self.like,
            "likes_topics": self.likes_topics,
            "profile": self.profile,
        }

    def open_room(
        self, *, person: int, email: str, name: str, company: str, settings: dict[str, Any] | None = None
    ) -> None:
        """Claim a room for a company, show the proof and set it up."""
        rooms = rooms_of(self.company)
        members.introduce(rooms, person, email, name)
        claimed = instances.claim(rooms, person, company, domain_of(email))
        instances.prove(rooms, claimed, lambda host: (claimed.record,))
        said = {key: str(value) for key, value in (settings or {}).items()}
        instances.configure(rooms, self._instance(person), **said)

    def come_in(self, *, person: int, email: str, name: str) -> None:
        """Come in to the room of one's own domain."""
        rooms = rooms_of(self.company)
        found = instances.by_domain(rooms, domain_of(email))
        if found is None:
            raise Unfit(f"nobody has opened a room for {domain_of(email)} yet")
        members.introduce(rooms, person, email, name)
        instances.enter(rooms, person, found)

    def post(
        self,
        *,
        person: int,
        key: str,
        text: str,
        channel: str = "",
        topic: str = "",
        link: str = "",
        title: str = "",
        words: str = "",
    ) -> None:
        """Post something; ``title`` and ``words`` are how the linked page showed itself."""
        preview = Preview(title, words) if title else None
        draft = Draft(text, channel, topic, link, preview)
        self.numbers[key] = feed.post(rooms_of(self.company), person, self._instance(person), draft)

    def answer_post(self, *, person: int, to: str, text: str) -> None:
        """Comment on a post of the story."""
        draft = Draft(text, to=self.numbers[to])
        feed.post(rooms_of(self.company), person, self._instance(person), draft)

    def like(self, *, person: int, to: str) -> None:
        """Like a post of the story."""
        feed.like(rooms_of(self.company), person, self.numbers[to])

    def likes_topics(self, *, person: int, topics: list[str]) -> None:
        """Choose the subjects one likes best."""
        members.choose_topics(rooms_of(self.company), person, self._instance(person), tuple(topics))

    def profile(self, *, person: int, said: dict[str, str], shown: Sequence[str] = ()) -> None:
        """Say something of oneself, and let colleagues see parts of it."""
        rooms = rooms_of(self.company)
        members.change(rooms, person, said)
        for part in shown:
            members.show_part(rooms, person, part, on=True)

    def _instance(self, person: int) -> instances.Instance:
        found = instances.of(rooms_of(self.company), person)
        if found is None:
            raise Unfit("this person of the story is in no room yet")
        return found
