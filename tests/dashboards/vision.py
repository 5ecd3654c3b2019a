"""How far apart two colours look, to whom sees all colours and to whom doesn't."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

KINDS = {
    "all colours": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What each kind of sight makes of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1."""

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
_CUBED = 25.0**7


def linear(colour: str) -> Vector:
    """``#rrggbb`` as linear RGB, 0 to 1 (sRGB, IEC 61966-2-1)."""
    encoded = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def distance(one: str, other: str, kind: str) -> float:
    """CIEDE2000 of two colours as they look with this kind of sight; 1 is just noticeable."""
    return _ciede2000(_lab(one, kind), _lab(other, kind))


def contrast(one: str, other: str) -> float:
    """Contrast of WCAG 2.1, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    return float(_TO_XYZ[1] @ linear(colour))


def _lab(colour: str, kind: str) -> tuple[float, float, float]:
    seen = np.clip(KINDS[kind] @ linear(colour), 0, 1)
    x, y, z = (_root(value) for value in _TO_XYZ @ seen / _WHITE)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Sharma, Wu and Dalal 2005, with all three weights 1."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1 + (1 - math.sqrt(mean**7 / (mean**7 + _CUBED))) / 2
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.atan2(b, a * stretch) % math.tau for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + math.pi) % math.tau - math.pi if c1 * c2 else 0.0
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(turn / 2)
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % math.tau
    s_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * _t(hue)
    parts = (l2 - l1) / s_light, (c2 - c1) / s_chroma, d_hue / s_hue
    rotation = _rotation(chroma, hue) * parts[1] * parts[2]
    return math.sqrt(sum(part**2 for part in parts) + rotation)


def _t(hue: float) -> float:
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(a * math.cos(n * hue + math.radians(shift)) for a, n, shift in waves)


def _rotation(chroma: float, hue: float) -> float:
    bump = math.exp(-(((math.degrees(hue) - 275) / 25) ** 2))
    weight = 2 * math.sqrt(chroma**7 / (chroma**7 + _CUBED))
    return -weight * math.sin(math.radians(60 * bump))
