"""Speaking by typing."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from api.routes.access import Server, SignedIn
from api.routes.text import ENCODABLE
from api.typing_messages import MAX_TEXT

router = APIRouter(tags=["audio"], prefix="/rooms/{room_id}")


class TypedWords(BaseModel):
    """What somebody says by typing; ``line`` names it, so that it is said once."""

    line: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT),
        ENCODABLE,
    ]


@router.post("/say")
async def say(app: Server, user: SignedIn, room_id: str, body: TypedWords) -> dict[str, Any]:
    """Say typed words in a live room: as a caption, and by a voice where there is one."""
    said = await app.typed.say(user, room_id, body.line, body.text)
    return {"heard": said.heard, "note": said.note}
