"""How documents keep arrays of numbers."""

from __future__ import annotations

from enum import StrEnum

from ...errors import DataError


class FPHAType(StrEnum):
    """How arrays of numbers are kept."""

    BF16 = "BF16"
    FP16 = "FP16"
    FP32 = "FP32"
    FP64 = "FP64"

    @classmethod
    def from_value(cls, value: FPHAType | str) -> FPHAType:
        """Return the member that a text in any case stands for.

        Raises:
            DataError: There is none.
        """
        try:
            return cls(value.upper())
        except ValueError:
            raise DataError(f"Invalid FPHA type: {value}. Must be one of {', '.join(cls)}") from None
