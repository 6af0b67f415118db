"""The fields of an index."""

from __future__ import annotations

from ....core.search.fields import Field, GeoField, GeoShapeField, NumericField, TagField, TextField, VectorField

__all__ = ["Field", "GeoField", "GeoShapeField", "NumericField", "TagField", "TextField", "VectorField"]
