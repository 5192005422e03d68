"""Between GCJ-02, the offset grid of Chinese public maps, and WGS 84."""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import Any

# Semi-major axis and squared eccentricity of the Krasovsky 1940 ellipsoid, as GCJ-02 uses them.
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323


def _offset(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    slope = 1.0 - ECCENTRICITY * sin(lat / 180.0 * pi) ** 2
    north = north * 180.0 / ((AXIS * (1 - ECCENTRICITY)) / (slope * sqrt(slope)) * pi)
    east = east * 180.0 / (AXIS / sqrt(slope) * cos(lat / 180.0 * pi) * pi)
    return east, north


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 position of a WGS 84 point in degrees."""
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS 84 position of a GCJ-02 point, by iteration to better than 1e-7 degrees."""
    guess_lon, guess_lat = lon, lat
    for _ in range(6):
        there_lon, there_lat = to_gcj02(guess_lon, guess_lat)
        guess_lon += lon - there_lon
        guess_lat += lat - there_lat
    return guess_lon, guess_lat


def convert(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON geometry in GCJ-02 as one in WGS 84."""

    def walk(node: Any) -> Any:
        if node and isinstance(node[0], int | float):
            lon, lat = to_wgs84(float(node[0]), float(node[1]))
            return [round(lon, 7), round(lat, 7)]
        return [walk(part) for part in node]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}
