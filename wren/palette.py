"""Wren's colours: dusk and wood, with a little teal against it."""

INK = "#3b1a1e"
"""Outlines of hair and clothes."""
SKIN_INK = "#8a4138"
"""Outlines of skin."""

SKIN_LIGHT, SKIN, SKIN_WARM = "#fff0e1", "#fee0c9", "#fbc9ab"
SKIN_SHADE, SKIN_DEEP = "#efa78d", "#d58572"
FRECKLE = "#d88b62"
BLUSH = "#f4716f"

HAIR_DEEP, HAIR_DARK, HAIR = "#451a1e", "#6f2c24", "#a04c2b"
HAIR_LIGHT, HAIR_SHINE, HAIR_TIP = "#cb7740", "#f9c283", "#fbd79a"

IRIS_RIM, IRIS_DARK, IRIS = "#3d1a12", "#7d3c12", "#c9741c"
IRIS_LIGHT, IRIS_GLOW = "#f7b740", "#fff0a8"
EYE_WHITE, EYE_SHADE = "#fffaf4", "#d9bfc4"

MUSTARD_LIGHT, MUSTARD, MUSTARD_SHADE, MUSTARD_DEEP = "#f7cb6c", "#e3a43c", "#b8741f", "#7f4516"
NAVY_LIGHT, NAVY, NAVY_SHADE = "#3d477f", "#282f5e", "#181c3c"
STAR = "#ffe6ae"
RUST_LIGHT, RUST, RUST_SHADE = "#e5805a", "#c5533a", "#84302a"
CREAM, CREAM_SHADE = "#fbf0dc", "#d8bfa0"
TEAL_LIGHT, TEAL, TEAL_SHADE = "#a5ebdd", "#4bb9ae", "#23706f"

MOUTH_DARK, MOUTH, TONGUE, TONGUE_LIGHT = "#5a1420", "#93283a", "#e8717a", "#f79d9c"
TOOTH, TOOTH_SHADE = "#fffdf8", "#e6d5cd"

TEAR, TEAR_LIGHT, TEAR_INK = "#9fd8f5", "#effbff", "#4b93c9"
ANGER = "#e2342f"
DREAD = "#34407f"
