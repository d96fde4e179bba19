"""The e-mails of accounts, in every language."""

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, meta

from service.accounts import code_mail, invitation_mail
from service.language import Language
from service.notifications.blocks import block, line
from service.notifications.bodies import Body, html_of, text_of

FACTS = {
    code_mail.TEMPLATES: {"brand": "Shopline", "code": "123456", "minutes": 10},
    invitation_mail.TEMPLATES: {
        "brand": "Shopline",
        "inviter": "Alice <b>",
        "workspace": "Bright Dental",
        "until": "Tuesday 5 May",
    },
}
EACH = pytest.mark.parametrize(("folder", "language"), [(one, language) for one in FACTS for language in Language])


@EACH
def test_an_email_is_one_file_for_each_language_which_names_all_its_facts(folder, language):
    assert {path.stem for path in folder.iterdir()} == set(Language)
    source = (folder / f"{language}.txt").read_text()
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    assert meta.find_undeclared_variables(environment.parse(source)) == set(FACTS[folder])


@EACH
def test_an_email_says_the_same_in_text_and_in_html_and_escapes_names(folder, language):
    file, facts = folder / f"{language}.txt", FACTS[folder]
    body = Body(lines=block(file, "body", facts))

    page = BeautifulSoup(html_of(body, language), "html.parser")
    assert "\n\n".join(part.get_text() for part in page.select("#words p")) == text_of(body)
    assert not page.select("b")
    assert 0 < len(line(file, "subject", facts)) <= 78


@pytest.mark.parametrize("language", Language)
def test_the_code_is_shown_large(language):
    body = Body(lines=block(code_mail.TEMPLATES / f"{language}.txt", "body", FACTS[code_mail.TEMPLATES]))

    page = BeautifulSoup(html_of(body, language), "html.parser")
    assert [large.get_text() for large in page.select("#words strong")] == ["123456"]
