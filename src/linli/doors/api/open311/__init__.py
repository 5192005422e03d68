"""Open311 GeoReport v2: the standard way in which other systems report matters and follow them."""
