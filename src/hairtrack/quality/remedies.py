"""How to retake a photo, in words that a patient at home can follow."""

from hairtrack.model import View

_STAND: dict[View | None, str] = {
    View.TOP: "sit under the light, hold the phone 30 cm above the middle of the head, screen level",
    View.VERTEX: "tip the head slightly forward and hold the phone 30 cm behind and above the crown",
    View.FRONT: "bow the head until the hairline faces the phone, at arm's length",
    View.LEFT: "turn the left side to the phone, at arm's length, ear in the middle",
    View.RIGHT: "turn the right side to the phone, at arm's length, ear in the middle",
    View.BACK: "let someone hold the phone 40 cm behind the head, level with the ears",
    View.CLOSEUP: "rest the lens on the skin and part the hair under it",
    None: "hold the phone 30 to 40 cm from the scalp",
}

_ACTION: dict[str, str] = {
    "blurred": "Too blurred to see strands: tap the scalp on the screen to focus, brace both elbows, and {stand}.",
    "moved": "Blurred by movement: add light, brace both elbows or use the timer, keep still, and {stand}.",
    "soft": "Somewhat soft: fine strands are lost. Wipe the lens, tap the scalp on the screen to focus, and {stand}.",
    "underexposed": "Too dark: turn to a window or put the lamp behind the photographer, never behind the head, "
    "and {stand}.",
    "overexposed": "Burnt out by light: switch off the flash, move out of the sun, tap the brightest spot on the "
    "screen so that the camera darkens the picture, and {stand}.",
    "clipped": "Bright spots are burnt out: switch off the flash and let the light fall from the side.",
    "glare_on_scalp": "The scalp shines: dry it with a towel, switch off the flash and let the light come from the "
    "side, through a curtain if it can be.",
    "head_cut_off": "Part of the head is outside the picture: {stand}, with a finger's width of background all around.",
    "head_too_small": "The head is too small in the picture: come closer until it fills most of the frame; {stand}.",
    "too_small": "The picture has too few pixels: send the camera's original, not a copy from a messenger or a screen.",
    "no_head": "No head could be found in the picture: plain background, whole head, no hat; {stand}.",
    "blank": "There is nothing to see in the picture: uncover the lens, switch on the light, and {stand}.",
    "monochrome": "The picture has no colour: take it in colour, without a filter; redness cannot be judged from it.",
    "unreadable": "The file cannot be read: take the photo again or send the camera's original file.",
}


def remedy(situation: str, view: View | None) -> str:
    """Return what to do about a situation in a photo of a view (None when the view is unknown)."""
    return _ACTION[situation].format(stand=_STAND[view])
