"""What axe finds wrong on a page in the browser."""

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The nodes of passed rules are not collected: that takes half of axe's time.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
# What fades in has too little contrast on the way. Longer animations than these seconds don't fade.
NOTHING_FADES = """
() => !document.getAnimations().some(
  (animation) => animation.playState === "running"
    && animation.effect.getComputedTiming().endTime <= 3000
)
"""


def violations(window, within=None):
    """What axe finds in ``window``, or in what the selector ``within`` finds.

    Returns one tuple of rule, address and explanation for each element with a violation.
    """
    window.wait_for_function(NOTHING_FADES)
    result = Axe().run(window, context=within, options=OPTIONS).response
    assert result["passes"], f"axe saw nothing of {within or window.url}"
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
