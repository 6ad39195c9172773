"""Has an authority (RFC 3161) confirm when a checkpoint existed; the answer is verified before it is kept.

Whoever has note and answer verifies them without us: openssl ts -verify -data NOTE -in ANSWER -CAfile CA
"""

from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography.x509 import load_pem_x509_certificate
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError

ANSWERS_WITHIN = 30  # seconds
LARGEST_ANSWER = 1_000_000  # bytes


class NotStamped(Exception):
    """The authority did not answer, or its answer is not of this note and this authority; the message says which."""


def stamped(note: str, authority: str, root: bytes) -> bytes:
    """The authority's answer about a note, verified up to the authority's own certificate, given as PEM."""
    if urlsplit(authority).scheme not in ("http", "https"):
        raise NotStamped(f"“{authority}” không phải là địa chỉ của một cơ quan cấp dấu thời gian.")
    request = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        certificate = load_pem_x509_certificate(root)
        posted = Request(  # noqa: S310  the scheme is checked above
            authority, request.as_bytes(), {"Content-Type": "application/timestamp-query"}
        )
        with urlopen(posted, timeout=ANSWERS_WITHIN) as answered:  # noqa: S310
            answer: bytes = answered.read(LARGEST_ANSWER)
        response = decode_timestamp_response(answer)
        VerifierBuilder.from_request(request).add_root_certificate(certificate).build().verify_message(
            response, note.encode()
        )
    except (URLError, OSError) as away:
        raise NotStamped(f"Cơ quan cấp dấu thời gian không trả lời: {getattr(away, 'reason', away)}.") from None
    except (ValueError, VerificationError) as wrong:
        raise NotStamped(f"Câu trả lời của cơ quan cấp dấu thời gian không đúng: {wrong}.") from None
    return answer
