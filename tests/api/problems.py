"""Errors of the HTTP interface as a client sees them."""

import httpx

PROBLEM = "application/problem+json"
NO_ONE = {"Authorization": "Bearer nonsense"}


def assert_problem(reply: httpx.Response, status: int, kind: str, field: str = "") -> None:
    assert reply.headers["content-type"] == PROBLEM
    values = reply.json()
    assert (reply.status_code, values["status"]) == (status, status)
    assert (values["type"], values.get("field", "")) == (f"urn:roomscribe:{kind}", field)
    assert values["title"]
    assert values["detail"]
