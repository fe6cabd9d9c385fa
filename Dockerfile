# syntax=docker/dockerfile:1
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /app

# The dependencies change rarely: they have a layer of their own, and the sources come after it.
# PyTorch's own index has the CPU build; the default one brings several GB of CUDA with it.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY pyproject.toml constraints.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['qdrant'], sep='\n')" > /tmp/requirements.txt \
    && pip install -c constraints.txt --extra-index-url "$TORCH_INDEX" setuptools -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt

COPY README.md LICENSE ./
COPY ingest ingest
COPY service service
COPY eval eval
RUN pip install --no-cache-dir -c constraints.txt --no-deps --no-build-isolation . \
    && useradd --create-home --uid 10001 needle \
    && install -d -o needle -g needle /data /data/index
COPY --chown=needle:needle corpus corpus

ENV NEEDLE_HOST=0.0.0.0 \
    NEEDLE_PORT=8000 \
    NEEDLE_CORPUS=/app/corpus \
    NEEDLE_INDEX=/data/index
USER needle
RUN needle ingest

EXPOSE 8000
STOPSIGNAL SIGTERM
# Without the proxies of the environment: the service is asked where it is, in this container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f\"http://127.0.0.1:{os.environ['NEEDLE_PORT']}/readyz\", timeout=4)"]
CMD ["needle", "serve"]
