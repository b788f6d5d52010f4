"""A sample of the newest signatures, found by an index."""


def newest(signatures, number):
    """The newest ``number`` of ``signatures`` by date, as (queryset, how many there are).

    The queryset is a range of an index, so the database reads no other rows.
    """
    moments = signatures.order_by("-signed_at").values_list("signed_at", flat=True)
    oldest = list(moments[number - 1 : number])
    if oldest:
        return signatures.filter(signed_at__gte=oldest[0]), number
    return signatures, signatures.count()
