"""A student ticks the steps of a fiche and says whether it was useful; the months of the agenda, by keyboard."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

FICHE = "/demarches/s-inscrire-a-l-universite/"
MONTH = f"/agenda/{date.today():%Y/%m}/"  # noqa: DTZ011  # of this machine, as the portal's
BOXES = ".steps__tick input"


def tab_to(page, selector: str, *, most: int = 60) -> int:
    """Press Tab until what `selector` names has the focus; return how many times."""
    for times in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return times
    raise AssertionError(f"{most} times Tab do not lead to {selector}")


def test_a_student_ticks_steps_and_finds_the_ticks_again(visit):
    page = visit(FICHE, persona="ines.marchetti", width=390)
    boxes = page.locator(BOXES)
    steps = boxes.count()
    assert steps == page.locator(".steps__item").count() > 2

    page.locator(".steps__tick").nth(0).click()
    boxes.nth(2).focus()
    page.keyboard.press("Space")
    page.reload()

    assert [boxes.nth(number).is_checked() for number in range(steps)] == [n in (0, 2) for n in range(steps)]
    expect(page.locator(".steps__item--done")).to_have_count(2)
    expect(page.locator(".steps-note [role=status]")).to_contain_text("2")
    page.locator(".steps-note__clear").click()
    page.reload()
    expect(page.locator(f"{BOXES}:checked")).to_have_count(0)


def test_the_boxes_of_steps_move_nothing_when_they_come(visit):
    page = visit()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { window.moved += e.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(FICHE)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)

    assert page.locator(BOXES).count()
    assert page.evaluate("window.moved") < 0.01


def test_a_student_says_that_a_fiche_is_useful_and_is_thanked_there(visit):
    page = visit(FICHE, persona="ines.marchetti", width=390)

    page.locator("#useful button[value=yes]").click()

    expect(page.locator("#useful .feedback__thanks")).to_be_focused()
    assert page.url.endswith(FICHE)  # answered in place
    page.reload()
    expect(page.locator("#useful .feedback__thanks")).to_be_visible()
    expect(page.locator("#useful form")).to_have_count(0)


def test_a_visitor_says_why_not_by_keyboard(visit, stack):
    page = visit(FICHE)
    page.locator("#useful button[value=yes]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback__why")).to_be_visible()

    tab_to(page, "input[name=reason]", most=2)
    page.keyboard.press("ArrowDown")
    tab_to(page, "textarea[name=words]", most=2)
    page.keyboard.type("Où signaler ?")
    tab_to(page, ".feedback__why button", most=2)
    page.keyboard.press("Enter")

    expect(page.locator("#useful .feedback__thanks")).to_be_visible()
    kept = stack.shell(
        "from guidance.answers import Answer; print(list(Answer.objects.values_list('reason', 'words')))"
    )
    assert "('incomplete', 'Où signaler ?')" in kept


def test_without_scripts_no_box_is_shown_and_one_may_answer(chromium, stack):
    context = chromium.new_context(base_url=stack.address, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(FICHE)

    assert page.locator("input[type=checkbox]").count() == 0
    expect(page.locator(".steps-note")).to_be_hidden()
    page.locator("#useful summary").click()
    page.locator(".feedback__why button").click()
    expect(page.locator("#useful .feedback__thanks")).to_be_visible()
    assert page.url == f"{stack.address}{FICHE}#useful"
    context.close()


def test_months_are_walked_by_keyboard_on_a_phone(visit):
    page = visit("/agenda/", width=390)

    tab_to(page, f'.agenda-tools a[href^="{MONTH}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MONTH}**")
    here = page.locator("#month-name").inner_text()
    tab_to(page, '.month-head a[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('#month-name').innerText !== before", arg=here)

    # From there the way on and back is a few keys, and not the whole page again.
    assert tab_to(page, '.month-head a[rel="prev"]', most=3)
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('#month-name').innerText === before", arg=here)
    first = page.locator(".month__title").first
    tab_to(page, ".month__title", most=6)
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('#month-name')")
