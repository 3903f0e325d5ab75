"""Upright rectangles of any unit, and the questions that layout asks of two; lengths on paper in pixels."""

from __future__ import annotations

from dataclasses import dataclass

_MM_PER_INCH = 25.4


def mm(dpi: float) -> float:
    """Pixels of one millimetre of paper at `dpi` (dots per inch)."""
    return dpi / _MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, origin top left: pixels of an image, or fractions of a page (`corpus.document.Box`).

    Rectangles that are asked about one another are of one unit.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, across: float, down: float) -> bool:
        """True if a point lies inside; the right and lower edges are outside."""
        return self.left <= across < self.right and self.top <= down < self.bottom

    def shared_width(self, other: Rect) -> float:
        """Length that both cover across; negative for the gap between them."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: Rect) -> float:
        """Length that both cover down; negative for the gap between them."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def overlaps(self, other: Rect) -> bool:
        """True if some area is common to both."""
        return self.shared_width(other) > 0 and self.shared_height(other) > 0

    def covers(self, other: Rect, share: float) -> bool:
        """True if at least `share` (0 to 1) of the other's area lies in this one."""
        if not self.overlaps(other):
            return False
        return self.shared_width(other) * self.shared_height(other) >= share * other.width * other.height

    def same_line(self, other: Rect, tolerance: float) -> bool:
        """True if both are on one printed line: they share over `tolerance` (0 to 1) of the lower height."""
        return self.shared_height(other) > tolerance * min(self.height, other.height)

    def union(self, other: Rect) -> Rect:
        """The smallest rectangle that contains both."""
        return Rect(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def scaled(self, across: float, down: float) -> Rect:
        """The rectangle with its edges multiplied: a page's width and height make pixels of fractions."""
        return Rect(self.left * across, self.top * down, self.right * across, self.bottom * down)

    def whole(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom cut to whole numbers, to cut an image by."""
        return int(self.left), int(self.top), int(self.right), int(self.bottom)
