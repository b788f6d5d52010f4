"""Forms with a limit on the size of all values."""

from typing import Any

from django import forms

from wagtail_petition.identity.names import too_long

# In characters. More than anybody types in one field.
LONGEST_VALUE = 20_000


class BoundedForm(forms.Form):
    """A form that processes and shows at most ``LONGEST_VALUE`` characters of a value.

    A longer value is cut and gets an error.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data, self._too_long = _within_bounds(data)
        super().__init__(data, *args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        for key in self._too_long:
            # A part of a multi-value field is named after the field: "date_0".
            name = key if key in self.fields else key.rpartition("_")[0]
            if name in self.fields and name not in self.errors:
                self.add_error(name, too_long(str(self[name].label), LONGEST_VALUE))


def _within_bounds(data):
    """The data with all values cut to ``LONGEST_VALUE``, and the keys of the values cut."""
    keys = [key for key in data or () if any(map(_is_too_long, _values(data, key)))]
    if keys:
        data = data.copy()
    for key in keys:
        cut = [value[:LONGEST_VALUE] for value in _values(data, key)]
        if hasattr(data, "setlist"):
            data.setlist(key, cut)
        else:
            data[key] = cut[0]
    return data, keys


def _is_too_long(value):
    return isinstance(value, str) and len(value) > LONGEST_VALUE


def _values(data, key):
    return data.getlist(key) if hasattr(data, "getlist") else [data[key]]
