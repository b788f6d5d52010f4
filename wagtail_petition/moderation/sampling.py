"""A sample of the newest signatures, found by an index."""


def newest(signatures, number):
    """(the newest so many of ``signatures`` by when they were signed, how many those are).

    A range of an index, and not a list of ids: the database then reads nothing else.
    """
    moments = signatures.order_by("-signed_at").values_list("signed_at", flat=True)
    oldest = list(moments[number - 1 : number])
    if oldest:
        return signatures.filter(signed_at__gte=oldest[0]), number
    return signatures, signatures.count()
