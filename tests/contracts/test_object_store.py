"""What every store of recordings does; each adapter is held to it."""

from collections.abc import Iterator

import httpx
import pytest

from models.errors import NotFound, StoreUnavailable
from recorder.object_store import PIECE_BYTES, Given, ObjectStore, content_sha256, pieces
from recorder.s3 import Bucket, S3Objects
from tests.s3_server import BUCKET, S3Server, s3_server

LONG = bytes(range(256)) * 40_000  # 10 MB: two parts, ten pieces


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as started:
        yield started


@pytest.fixture
def store(server: S3Server) -> ObjectStore:
    server.empty()
    return server.store()


def put(store: ObjectStore, key: str, content: bytes) -> None:
    parts = (content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES))
    store.put(key, parts, Given(size=len(content), media_type="audio/ogg", filename="tea.ogg"))


@pytest.mark.parametrize("content", [b"", b"short", LONG], ids=["empty", "short", "in parts"])
def test_what_was_put_is_found_and_read_back(store: ObjectStore, content: bytes) -> None:
    put(store, "tea-1/tea 1.ogg", content)

    found = store.find("tea-1/tea 1.ogg")

    assert found is not None
    assert found.size == len(content)
    assert b"".join(pieces(store, found.key, 0, found.size)) == content
    assert list(store.list("tea-1")) == [found]


def test_a_part_of_an_object_is_read(store: ObjectStore) -> None:
    put(store, "tea-1/sound.ogg", LONG)

    assert store.read("tea-1/sound.ogg", 9_999_000, 9_999_010) == LONG[9_999_000:9_999_010]


def test_what_is_put_again_takes_the_place_of_what_was_there(store: ObjectStore) -> None:
    put(store, "tea-1/chapters.json", b"old")
    before = store.find("tea-1/chapters.json")
    put(store, "tea-1/chapters.json", b"new")
    after = store.find("tea-1/chapters.json")

    assert before is not None
    assert after is not None
    assert before.tag != after.tag
    assert store.read("tea-1/chapters.json", 0, 3) == b"new"


def test_what_is_not_there_is_said_so(store: ObjectStore) -> None:
    assert store.find("tea-1/sound.ogg") is None
    assert list(store.list("tea-1")) == []
    with pytest.raises(NotFound):
        store.read("tea-1/sound.ogg", 0, 10)


def test_a_folder_lists_its_own_objects_alone(store: ObjectStore) -> None:
    for key in ("tea-1/a", "tea-1/tracks/b", "tea-10/a", "tea"):
        put(store, key, b"x")

    assert {one.key for one in store.list("tea-1")} == {"tea-1/a", "tea-1/tracks/b"}
    assert len(store.list("")) == 4


def test_what_is_deleted_is_gone_and_deleting_it_again_is_fine(store: ObjectStore) -> None:
    put(store, "tea-1/a", b"x")
    put(store, "tea-1/b", b"x")

    store.delete(["tea-1/a", "tea-1/b", "tea-1/c"])
    store.delete(["tea-1/a"])
    store.delete([])

    assert list(store.list("")) == []


def test_a_link_is_read_by_anybody_whole_or_in_part_and_names_the_file(store: ObjectStore) -> None:
    put(store, "tea-1/sound.ogg", b"0123456789")

    link = store.link("tea-1/sound.ogg", 60)
    whole, part = httpx.get(link), httpx.get(link, headers={"Range": "bytes=2-4"})

    assert whole.content == b"0123456789"
    assert whole.headers["content-type"] == "audio/ogg"
    assert whole.headers["content-disposition"] == 'attachment; filename="tea.ogg"'
    assert (part.status_code, part.content) == (206, b"234")


def test_what_fails_while_it_is_put_leaves_what_was_there(store: ObjectStore) -> None:
    put(store, "tea-1/sound.ogg", b"old")

    def breaking() -> Iterator[bytes]:
        yield LONG
        raise OSError("the disk broke")

    given = Given(size=2 * len(LONG), media_type="audio/ogg", filename="tea.ogg")
    with pytest.raises(OSError, match="the disk broke"):
        store.put("tea-1/sound.ogg", breaking(), given)

    assert store.read("tea-1/sound.ogg", 0, 10) == b"old"


def test_an_object_is_hashed_as_the_store_gives_it(store: ObjectStore) -> None:
    put(store, "a", b"abc")
    found = store.find("a")

    assert found is not None
    assert content_sha256(store, found).startswith("ba7816bf8f01cfea")


def test_a_store_that_is_away_is_said_so_in_a_line(server: S3Server, store: ObjectStore) -> None:
    server.stop()
    try:
        with pytest.raises(StoreUnavailable) as raised:
            store.find("tea-1/sound.ogg")
    finally:
        server.start()

    assert "it cannot be reached" in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)


def test_a_bucket_that_does_not_exist_is_said_so(server: S3Server, store: ObjectStore) -> None:
    missing = S3Objects(Bucket(name="missing", endpoint=server.url, access_key="a", secret_key="b"))

    with pytest.raises(StoreUnavailable, match="no such bucket"):
        missing.list("")
    with pytest.raises(StoreUnavailable, match="no such bucket"):
        put(missing, "a", b"x")
    assert store.name == f"s3://{BUCKET}/rooms/of the/house"
