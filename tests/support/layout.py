"""What of a page a person would see cut off."""

from __future__ import annotations

from playwright.async_api import Page

#: Text wider than the control that holds it, and whatever stands outside of the window.
_CLIPPED = """() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page");
    const held = "button, a, label, h1, h2, nav span:not(:has(*))";
    for (const box of document.querySelectorAll(held)) {
        const style = getComputedStyle(box);
        if (style.position === "absolute" || box.closest(".visually-hidden")) continue;
        const { left, right, width } = box.getBoundingClientRect();
        if (width === 0) continue;
        const inside = box.scrollWidth <= box.clientWidth + 1 || style.display === "inline";
        if (!inside || left < -1 || right > innerWidth + 1) found.push(box.textContent.trim());
    }
    return found;
}"""


async def clipped(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(_CLIPPED)
    return found
