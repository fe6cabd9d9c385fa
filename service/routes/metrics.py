"""What Prometheus asks for."""

from fastapi import APIRouter, Request, Response

from service.problems import documented
from service.telemetry.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["health"])

_EXAMPLE = 'needle_requests_total{method="POST",route="/v1/search",status="200"} 12.0\n'


# `async`, though nothing is awaited: it takes two milliseconds, and must not wait for a thread under load.
@router.get(
    "/metrics",
    summary="Metrics",
    response_class=Response,
    responses={
        200: {
            "description": "All metrics in the text format of Prometheus, version 0.0.4.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
        **documented(),
    },
)
async def metrics(request: Request) -> Response:
    """Requests, times by stage, refusals, verdicts, the language model, the index, the process."""
    gathered: Metrics = request.app.state.metrics
    return Response(gathered.exposition(), headers={"Content-Type": CONTENT_TYPE})
