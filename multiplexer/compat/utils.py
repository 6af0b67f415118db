"""Small helpers that applications import."""

from __future__ import annotations

from .blocking import utils as _utils
from .blocking.utils import *
from .machinery import helpers as _helpers
from .machinery.helpers import *

__all__ = [*_helpers.__all__, *_utils.__all__]
