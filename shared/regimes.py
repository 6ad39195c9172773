"""The reporting regime that holds where none is named."""

# Of the time when there was one regime only: stored events without a regime are of this one, under the title of then.
DEFAULT_REGIME, DEFAULT_REGIME_TITLE = "tthc-control", "Kiểm soát thủ tục hành chính"
