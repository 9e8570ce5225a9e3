"""What a playlist may look like, and after another: draft-pantos-hls-rfc8216bis sections 4.4 and 6.2."""

LISTED_PARTS_TARGETS = 3  # section 6.2.2


def check_successive(playlists):
    """Those that one viewer has got, in order. What is broken is an AssertionError with both."""
    for playlist in playlists:
        check(playlist)
    for before, after in zip(playlists, playlists[1:]):
        problem = change(before, after)
        assert not problem, f"{problem}\n{before.text}\n{after.text}"


def check(playlist):
    for segment in playlist.segments:
        assert segment.initialisation, f"no map applies to {segment.number}\n{playlist.text}"
        if segment.address:
            assert int(segment.seconds + 0.5) <= playlist.target, f"{segment.address} is too long\n{playlist.text}"
        for part in segment.parts:
            assert float(part["DURATION"]) <= playlist.part_target, f"{part} is too long\n{playlist.text}"
    assert playlist.ended == (playlist.hint is None), f"the next part is hinted until the end\n{playlist.text}"


def change(before, after):
    """What may not have changed as it did; None: all is well."""
    if (before.target, before.part_target) != (after.target, after.part_target):
        return "targets are constant"
    if after.number < before.number or after.position < before.position:
        return "nothing goes backwards"
    if before.ended and before.text != after.text:
        return "after its end nothing changes"
    now = {segment.number: segment for segment in after.segments}
    for segment in before.segments:
        found = now.get(segment.number)
        if found is None:
            if segment.number >= after.number:
                return f"{segment.number} has vanished"
        elif problem := segment_change(segment, found, after):
            return problem
    return None


def segment_change(before, after, playlist):
    if before.address and (before.address, before.seconds) != (after.address, after.seconds):
        return f"{before.address} has changed"
    if (before.initialisation, before.discontinuity) != (after.initialisation, after.discontinuity):
        return f"what holds for {before.number} has changed"
    to_the_end = sum(segment.length for segment in playlist.segments if segment.number > after.number)
    if not after.parts and to_the_end >= LISTED_PARTS_TARGETS * playlist.target:
        return None
    if after.parts[:len(before.parts)] != before.parts:
        return f"the parts of {before.number} have changed"
    return None
