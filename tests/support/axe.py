"""axe-core in a page: the accessibility rules of WCAG 2 A and AA, and good practice."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

_SCRIPT = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page once its transitions are over: rule and element."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_SCRIPT.read_text())
    # React Aria's own voice names a button by reference for 7 s, also when it has gone meanwhile.
    found: list[str] = await page.evaluate(
        """async () => {
             const frame = () => new Promise(requestAnimationFrame);
             // An inherited colour goes down the tree by one transition after the other.
             for (let still = 0; still < 3; still += 1) {
               await frame();
               // Within what is folded up they are over and stay in the list for ever.
               if (document.getAnimations().some(one => one.playState !== 'finished')) still = 0;
             }
             const { violations } = await axe.run({ exclude: ['[data-live-announcer]'] });
             return violations.flatMap(rule => rule.nodes.map(
               node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
           }"""
    )
    return found
