"""With the keyboard alone: sign in, find, launch a service, change language, publish. The focus is always seen."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.servers.stack import Stack

# What has the focus is outlined, or what it covers is (a card whose title is its link).
SEEN = """() => {
    const outlined = one => one && getComputedStyle(one).outlineStyle !== 'none' && getComputedStyle(one).outlineWidth !== '0px';
    const one = document.activeElement;
    return one === document.body || outlined(one) || outlined(one.closest('article, .service-tile, .search-box__field'))
        || outlined(one.parentElement) || one.matches(':focus') && getComputedStyle(one).boxShadow !== 'none';
}"""  # noqa: E501
HAS_FOCUS = """([selector, words]) => {
    const one = document.activeElement;
    return one.matches(selector) && one.textContent.includes(words);
}"""
# Two seconds after it is there, Wagtail notes what the form holds: only what is written later counts as a change.
WATCHED = """() => {
    const form = document.querySelector('[data-edit-form]');
    return Boolean(window.wagtail?.app?.getControllerForElementAndIdentifier(form, 'w-unsaved')?.initialFormData);
}"""
WHERE = "() => document.activeElement.outerHTML.slice(0, 120)"


def tab_to(page: Page, selector: str, words: str = "", *, most: int = 90, ours: bool = True) -> None:
    """Press Tab until what `selector` names, holding these words, has the focus; on pages of ours it is always seen."""
    for _time in range(most):
        page.keyboard.press("Tab")
        assert not ours or page.evaluate(SEEN), page.evaluate(WHERE)
        if page.evaluate(HAS_FOCUS, [selector, words]):
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector} {words}; last {page.evaluate(WHERE)}")


def follow(page: Page) -> None:
    """Press Enter on what leads elsewhere."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_editor_signs_in_finds_opens_translates_and_publishes_by_keyboard(chromium, stack: Stack) -> None:
    context: BrowserContext = chromium.new_context(
        base_url=stack.address, viewport={"width": 1280, "height": 900}, locale="fr-FR"
    )
    page = context.new_page()
    page.goto("/")
    tab_to(page, "a.button[href^='/oidc/']", most=12)
    follow(page)
    tab_to(page, "button[value='mathilde.roche']")
    follow(page)
    page.wait_for_url(f"{stack.address}/**")
    expect(page.locator("h1")).to_have_text("Bonjour Mathilde")

    # The first key leads past the menus.
    page.keyboard.press("Tab")
    assert page.evaluate(HAS_FOCUS, [".skip-link", ""])
    tab_to(page, "#q", most=4)
    page.keyboard.type("wifi")
    follow(page)
    tab_to(page, ".search-result a", "Wi-Fi")
    opened = page.evaluate("document.activeElement.href")
    assert opened.startswith("https://")  # Enter launches the service, which is not ours to visit here
    tab_to(page, ".search-result__actions a", most=2)
    follow(page)
    expect(page.locator("h1")).to_contain_text("Wi-Fi")
    tab_to(page, ".language-menu summary", most=12)
    page.keyboard.press("Enter")
    tab_to(page, ".language-menu a[hreflang=en]", most=4)
    follow(page)
    page.wait_for_url("**/en/**")

    page.goto("/admin/")
    tab_to(page, ".desk__menu summary", ours=False)  # of news
    page.keyboard.press("Enter")
    tab_to(page, ".desk__places a", "Actualités", most=2, ours=False)
    follow(page)
    page.wait_for_url("**/add/news/newspage/**")
    tab_to(page, "#id_title", ours=False)
    page.wait_for_function(WATCHED)
    page.keyboard.type("Écrite sans souris")
    page.wait_for_url("**/edit/**")  # the draft is kept by itself: publishing meanwhile would make a second page
    tab_to(page, "footer [data-w-dropdown-target='toggle']", most=150, ours=False)
    page.keyboard.press("Enter")
    tab_to(page, "[name='action-publish']", most=8, ours=False)
    follow(page)
    assert "Écrite sans souris" in page.request.get("/actualites/").text()
    context.close()
