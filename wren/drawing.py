"""A vector drawing: shapes, gradients, soft shadows, inked lines; resvg turns it into pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from math import cos, radians, sin

import resvg_py
from PIL import Image

from .geometry import Points, Profile, flatten, lit_contour, path, ribbon

Stop = tuple[float, str] | tuple[float, str, float]
"""Of a gradient: offset 0..1, colour, opacity."""


def _stops(stops: tuple[Stop, ...]) -> str:
    return "".join(
        f'<stop offset="{stop[0]}" stop-color="{stop[1]}"'
        f' stop-opacity="{stop[2] if len(stop) == 3 else 1}"/>'
        for stop in stops
    )


@dataclass
class Drawing:
    """Collects SVG elements; what is added later lies above."""

    width: int = 1200
    height: int = 1600
    _defs: list[str] = field(default_factory=list)
    _body: list[str] = field(default_factory=list)

    def _define(self, element: str, inside: str) -> str:
        name = f"d{len(self._defs)}"
        tag = element.split()[0]
        self._defs.append(f'<{tag} id="{name}"{element[len(tag) :]}>{inside}</{tag}>')
        return name

    def linear(self, start: tuple[float, float], end: tuple[float, float], *stops: Stop) -> str:
        """Return the paint of a gradient from one point to another."""
        (x1, y1), (x2, y2) = start, end
        element = (
            f'linearGradient gradientUnits="userSpaceOnUse" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
        )
        return f"url(#{self._define(element, _stops(stops))})"

    def radial(
        self, centre: tuple[float, float], radius: float, *stops: Stop, flat: float = 1.0
    ) -> str:
        """Return the paint of a round gradient; `flat` squeezes it in height."""
        x, y = centre
        element = (
            f'radialGradient gradientUnits="userSpaceOnUse" cx="0" cy="0" r="{radius}"'
            f' gradientTransform="translate({x} {y}) scale(1 {flat})"'
        )
        return f"url(#{self._define(element, _stops(stops))})"

    def clip(self, data: str) -> str:
        """Return the name of a clip path."""
        return self._define("clipPath", f'<path d="{data}"/>')

    def shape(
        self,
        data: str | Points,
        paint: str,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: str | None = None,
        even_odd: bool = False,
        blend: str | None = None,
    ) -> None:
        """Add a filled shape, perhaps blurred (standard deviation in px) and then clipped."""
        text = data if isinstance(data, str) else path(data)
        attributes = f'fill="{paint}"'
        if opacity < 1:
            attributes += f' opacity="{opacity}"'
        if even_odd:
            attributes += ' fill-rule="evenodd"'
        if blur:
            size = 'filter x="-60%" y="-60%" width="220%" height="220%"'
            inside = f'<feGaussianBlur stdDeviation="{blur}"/>'
            attributes += f' filter="url(#{self._define(size, inside)})"'
        element = f'<path d="{text}" {attributes}/>'
        style = f' style="mix-blend-mode:{blend}"' if blend else ""
        if clip:
            element = f'<g clip-path="url(#{clip})"{style}>{element}</g>'
        elif blend:
            element = f"<g{style}>{element}</g>"
        self._body.append(element)

    def ellipse(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        paint: str,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: str | None = None,
        turn: float = 0.0,
    ) -> None:
        """Add an ellipse, turned by `turn` degrees."""
        (x, y), (rx, ry) = centre, radii
        k = 0.5523
        data = (
            f"M{-rx} 0 C{-rx} {-ry * k} {-rx * k} {-ry} 0 {-ry} C{rx * k} {-ry} {rx} {-ry * k} {rx}"
            f" 0 C{rx} {ry * k} {rx * k} {ry} 0 {ry} C{-rx * k} {ry} {-rx} {ry * k} {-rx} 0Z"
        )

        line = flatten(data, 12)
        c, s = cos(radians(turn)), sin(radians(turn))
        line = line @ [[c, s], [-s, c]] + (x, y)
        self.shape(line, paint, opacity=opacity, blur=blur, clip=clip)

    def ink(
        self,
        line: str | Points,
        width: float,
        colour: str,
        profile: Profile | None = None,
        *,
        opacity: float = 1.0,
        clip: str | None = None,
        blur: float = 0.0,
    ) -> None:
        """Add a line drawn with a pen that swells and tapers."""
        way = flatten(line) if isinstance(line, str) else line
        outline = ribbon(way, width, profile)
        self.shape(outline, colour, opacity=opacity, clip=clip, blur=blur)

    def contour(
        self, data: str | Points, width: float, colour: str, *, least: float = 0.35
    ) -> None:
        """Add the outline of a closed shape, thinner towards the light."""
        outline = flatten(data) if isinstance(data, str) else data
        self.shape(lit_contour(outline, width, least), colour, even_odd=True)

    def raw(self, element: str) -> None:
        """Add an SVG element as it is."""
        self._body.append(element)

    def svg(self) -> str:
        """Return the drawing as an SVG document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}"><defs>{"".join(self._defs)}</defs>'
            f"{''.join(self._body)}</svg>"
        )

    def raster(self, zoom: float = 1.0) -> Image.Image:
        """Return the drawing as RGBA pixels."""
        png = resvg_py.svg_to_bytes(
            svg_string=self.svg(),
            width=round(self.width * zoom),
            height=round(self.height * zoom),
            skip_system_fonts=True,
        )
        return Image.open(io.BytesIO(bytes(png))).convert("RGBA")
