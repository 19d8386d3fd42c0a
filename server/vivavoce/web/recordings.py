"""Recordings, by an address that is signed and expires."""

from anyio import Path as AsyncPath
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from vivavoce.core.errors import NotFound
from vivavoce.web.bodies import Query
from vivavoce.web.operations import Credential, Operation, file
from vivavoce.web.state import State

_HEADERS = {
    "cache-control": "private, no-store",
    "content-disposition": "inline",
    "cross-origin-resource-policy": "cross-origin",
}


class RecordingQuery(Query):
    expires: str = ""
    signature: str = ""


@Operation(
    "Listen to a session: candidate left, interviewer right.",
    Credential.SIGNED_LINK,
    file("audio/ogg"),
    query=RecordingQuery,
    also=(206,),
    errors={403: "recording_link", 404: "recording_not_found", 416: "range"},
)
async def get_recording(request: Request[State]) -> Response:
    """Ranges are honoured, so that a player can seek."""
    path = await request.state["services"].sessions.recording_file(
        request.path_params["session_id"],
        request.query_params.get("expires", ""),
        request.query_params.get("signature", ""),
    )
    if not await AsyncPath(path).is_file():
        raise NotFound("recording_not_found", "There is no recording of this session.")
    return FileResponse(path, media_type="audio/ogg", headers=_HEADERS)
