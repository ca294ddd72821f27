"""Numbers as the calibration report writes them."""

import math

_EXACT = 2.0**53
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def value_text(value: float, of: int | None) -> str:
    """Write a measured value: '22,087' where it counts something, else four digits: '2.713'."""
    if of is not None or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:#.4g}".rstrip(".")


def exact_text(value: float) -> str:
    """Write a value so that it reads back exactly; a whole one stands without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def spread_text(value: float, of: int | None) -> str:
    """Write a standard deviation with three digits: '129', '0.171'; at most one decimal where it counts something."""
    if of is not None:
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    return f"{value:#.3g}".rstrip(".")


def signed_text(value: float) -> str:
    """Write a number with its sign and two decimals: '+1.03', '−0.27'."""
    return f"{value:+.2f}".replace("-", "−")


def share_text(value: float, of: int) -> str:
    """Write a count as percent, with as many decimals as ``of`` makes worth reading: '86.89 %'."""
    return f"{100 * value / of:.{max(0, math.floor(math.log10(of)) - 2)}f} %"


def full_text(value: float, of: int | None) -> str:
    """Write a value so that it stands alone: '21,723 of 25,000 (86.89 %)'."""
    if of is None:
        return value_text(value, of)
    return f"{value_text(value, of)} of {of:,} ({share_text(value, of)})"


def chance_text(chance: float) -> str:
    """Write a probability with two digits, near 1 with three decimals, never rounded up to what it is not."""
    if chance in (0, 1):
        return f"{chance:g}"
    if chance > 0.999:
        return "> 0.999"
    if chance >= 0.9:
        return f"{math.floor(1000 * chance) / 1000:.3f}"
    if chance >= 1e-4:
        return f"{chance:.2g}"
    digits, power = f"{chance:.0e}".split("e")
    return f"{digits}×10{str(int(power)).translate(_SUPERSCRIPTS)}"


def expected_text(number: float) -> str:
    """Write how many to expect: '0.2', '3.6', '12'."""
    return chance_text(number) if number < 0.9 else f"{number:.2g}" if number < 10 else f"{number:,.0f}"


def percent_text(share: float) -> str:
    """Write a share as whole percent; a share that is neither none nor all never reads so."""
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
