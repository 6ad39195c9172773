"""What each service announces of the seals of its history, for services that print them and for witnesses."""

from datetime import datetime

from pydantic import Field

from shared.contracts import Message

# Asks every service to seal its history at once, not at the end of its minute. It has no content and no answer.
SEAL_NOW = "seal.now"


def checkpoint_subject(service: str) -> str:
    return f"{service}.checkpoint.v1"


class CheckpointSigned(Message):
    """A checkpoint of a service's history, as a note that its key signed.

    `position` is that of the last event that it holds; `proof`, in hex, shows that it extends the checkpoint of
    `previous_size` events.
    """

    service: str
    size: int = Field(gt=0)
    position: int
    root: str
    note: str = Field(max_length=20_000)
    previous_size: int = Field(ge=0)
    proof: tuple[str, ...] = Field(max_length=64)
    sealed_at: datetime
