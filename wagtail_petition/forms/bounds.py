"""Forms that nobody can keep busy with megabytes in a field."""

from django import forms

from wagtail_petition.identity.names import too_long

# No person types more in one field: what is longer is cut, and told to be too long.
LONGEST_VALUE = 20_000


class BoundedForm(forms.Form):
    """A form that looks at no more than ``LONGEST_VALUE`` characters of a value, and shows no more.

    Whatever a field says of what is left, a longer value is an error of its field.
    """

    def __init__(self, data=None, *args, **kwargs):
        data, self._too_long = _within_bounds(data)
        super().__init__(data, *args, **kwargs)

    def full_clean(self):
        super().full_clean()
        for key in self._too_long:
            # The part of a field made of several has the field's name before its own.
            name = key if key in self.fields else key.rpartition("_")[0]
            if name in self.fields and name not in self.errors:
                self.add_error(name, too_long(str(self[name].label), LONGEST_VALUE))


def _within_bounds(data):
    """What was sent with each value cut to ``LONGEST_VALUE``, and the keys of the longer ones."""
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
