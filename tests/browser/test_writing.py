"""From sign-in to a published guidance page and its English translation, as an editor does it, in French."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.admin import publish, translate


def add_block(stream: Locator, name: str = "") -> Locator:
    """Add a block at the end of a stream, and return its form; a stream of one sort of block asks for no name."""
    known = stream.locator("[data-streamfield-child]").count()
    stream.locator(".c-sf-add-button").last.click()
    if name:
        stream.page.get_by_role("option", name=name, exact=True).click()
    added = stream.locator("[data-streamfield-child]").nth(known)
    expect(added).to_be_visible()
    return added


def test_an_editor_writes_a_guidance_page_and_translates_it(visit, stack):
    editor = visit("/admin/", persona="mathilde.roche")
    index = stack.shell("from guidance.models import GuidanceIndexPage as G; print(G.objects.get(slug='demarches').pk)")
    editor.goto(f"/admin/pages/add/guidance/guidancepage/{index.split()[-1]}/")
    editor.get_by_role("textbox", name="Titre").first.fill("Emprunter un vélo de l’université")
    editor.locator("#id_summary").fill("Un vélo pour l’année, contre un dépôt de garantie.")

    body = editor.locator("#panel-child-contenu-body-section")
    picture = add_block(body, "Image")
    picture.get_by_role("button", name="Choisir une image").click()
    editor.locator(".modal [data-chooser-modal-choice]").first.click()
    picture.locator("input[name$='-alternative']").fill("Des vélos devant la bibliothèque")
    contact = add_block(body, "Contact")
    contact.locator("select[name$='-unit']").select_option(label="Service de la vie étudiante")
    steps = editor.locator("#panel-child-contenu-steps-section")
    step = add_block(steps)
    step.locator("input[name$='-title']").fill("Réserver en ligne")

    editor.get_by_role("tab", name="Paramètres").click()
    editor.get_by_role("radio", name="Réservée à ces lecteurs").check()
    editor.get_by_role("checkbox", name="Licence 1", exact=True).check()
    publish(editor)

    page = "/demarches/emprunter-un-velo-de-luniversite/"
    student = visit(page, persona="ines.marchetti")
    expect(student.locator("h1")).to_have_text("Emprunter un vélo de l’université")
    expect(student.locator("main figure img")).to_have_attribute("alt", "Des vélos devant la bibliothèque")
    expect(student.locator(".contact-card")).to_contain_text("Service de la vie étudiante")
    expect(student.locator(".steps")).to_contain_text("Réserver en ligne")
    assert visit("/").request.get(page).status == 404

    editor.goto(page)
    translate(editor, language="anglais", title="Borrow a bicycle")

    student.goto(page)
    student.locator(".language-menu summary").click()
    student.locator(".language-menu a[hreflang=en]").click()
    expect(student.locator("h1")).to_have_text("Borrow a bicycle")
