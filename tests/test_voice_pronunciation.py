"""How the embedded voice says Hebrew: lexicon, rules and the marks that part clauses."""

from pathlib import Path

import pytest

from hebrew_voice.lexicon import house_lexicon, load_lexicon
from hebrew_voice.niqqud import Nakdimon
from hebrew_voice.pronounce import CannotSpeak, Pronouncer
from hebrew_voice.reading import read_pointed
from hebrew_voice.spelling import ipa_to_espeak, respelled_to_ipa


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer(house_lexicon(), Nakdimon().point)


def say(pronouncer: Pronouncer, text: str) -> str:
    return " ".join(" ".join(clause.words) + clause.mark for clause in pronouncer.pronounce(text))


@pytest.mark.parametrize(
    ("text", "ipa"),
    [
        ("שלום, הגעתם לספא לוטוס.", "ʃalˈom, higˈatem lespˈa lˈotus."),
        ("איך אפשר לעזור לכם?", "ejχ efʃˈaʁ laʔazˈoʁ laχˈem?"),
        ("על איזה שם לרשום את התור?", "al ˈejze ʃem liʁʃˈom et hatˈoʁ?"),
        ("עיסוי שוודי של שעה", "isˈuj ʃvˈedi ʃel ʃaʔˈa"),
        ("ביום שני, שלושים בנובמבר, בשתים עשרה.", "bejˈom ʃenˈi, ʃloʃˈim benovˈembeʁ, biʃtˈem esʁˈe."),
        ("בארבע וחצי", "beʔˈaʁba vaχˈetsi"),
        ("רבע לשלוש", "ʁˈeva leʃalˈoʃ"),
        ("באחת עשרה", "beʔaχˈat esʁˈe"),
        ("השמונה בדצמבר", "haʃmonˈa bedetsˈembeʁ"),
        ("בשמונה בערב", "beʃmˈone baʔˈeʁev"),
        ("שלוש מאות וחמישים שקלים", "ʃloʃ meʔˈot veχamiʃˈim ʃkalˈim"),
        ("אפס חמש אפס", "ˈefes χamˈeʃ ˈefes"),
        ("רגע, אני בודקת ביומן.", "ʁˈega, anˈi bodˈeket bajomˈan."),
        ("קבעתי לכם תור.", "kavˈati laχˈem toʁ."),
        ("טיפול פנים אצל מאיה", "tipˈul panˈim ˈetsel mˈaja"),
        ("אחר הצהריים או בבוקר?", "aχˈaʁ hatsohoʁˈajim o babˈokeʁ?"),
        ("המספר שממנו התקשרתם", "hamispˈaʁ ʃemimˈenu hitkaʃˈaʁtem"),
        ("קבעתי על שם דנה כהן, אצל רון.", "kavˈati al ʃem dˈana kˈohen, ˈetsel ʁon."),
        ("תשע מאות ותשעים שקלים", "tʃa meʔˈot vetiʃʔˈim ʃkalˈim"),
        ("התור שמור לכם", "hatˈoʁ ʃamˈuʁ laχˈem"),
        ("בגד ים", "bˈeged jˈam"),
        ("לדני ולנועה", "ledˈani velenˈoʔa"),
        ("תודה רבה, להתראות!", "todˈa ʁabˈa, lehitʁaʔˈot!"),
    ],
)
def test_the_house_says_its_phrases_right(pronouncer: Pronouncer, text: str, ipa: str) -> None:
    assert say(pronouncer, text) == ipa


@pytest.mark.parametrize(
    ("pointed", "ipa"),
    [
        ("מֶלֶךְ", "mˈeleχ"),
        ("סֵפֶר", "sˈefeʁ"),
        ("בַּיִת", "bˈajit"),
        ("נַעַל", "nˈaʔal"),
        ("רוּחַ", "ʁˈuaχ"),
        ("קוֹבֵעַ", "kovˈea"),
        ("שָׁלוֹם", "ʃalˈom"),
        ("אֲנַחְנוּ", "anˈaχnu"),
        ("תַּגִּידוּ", "tagˈidu"),
        ("בּוֹאוּ", "bˈou"),
        ("צָהֳרַיִם", "tsohoʁˈajim"),
        ("שְׁמוֹנֶה", "ʃmonˈe"),
        ("מְדַבֵּר", "medabˈeʁ"),
        ("תִּשְׁמְרוּ", "tiʃmeʁˈu"),
        ("עָלָיו", "alˈav"),
        ("ג'וּלְיָה", "dʒuljˈa"),
        ("שָׂרָה", "saʁˈa"),
        ("כִּכָּר", "kikˈaʁ"),
    ],
)
def test_pointed_words_are_read_by_rule(pointed: str, ipa: str) -> None:
    assert read_pointed(pointed) == ipa


def test_a_point_in_the_text_decides_over_the_model(pronouncer: Pronouncer) -> None:
    assert say(pronouncer, "סַפָּר") == "sapˈaʁ"
    assert say(pronouncer, "סֵפֶר") == "sˈefeʁ"
    assert say(pronouncer, "אצל הסַפָּר") == "ˈetsel hasapˈaʁ"


def test_a_point_in_the_text_decides_over_the_lexicon(pronouncer: Pronouncer) -> None:
    assert say(pronouncer, "על שם דני") == "al ʃem dˈani"
    assert say(pronouncer, "שָׁם") == "ʃˈam"


def test_unknown_words_come_from_the_model_in_their_sentence(pronouncer: Pronouncer) -> None:
    assert say(pronouncer, "הילדה אכלה תפוח") == "hajaldˈa aχlˈa tapˈuaχ"


def test_digits_and_latin_letters_are_said_somehow(pronouncer: Pronouncer) -> None:
    assert say(pronouncer, "קומה 7") == "komˈa ʃˈeva"
    assert say(pronouncer, "Lotus") == "lotus"


@pytest.mark.parametrize("text", ["", "  ", "...", "?!", "€ %"])
def test_a_text_without_words_cannot_be_said(pronouncer: Pronouncer, text: str) -> None:
    with pytest.raises(CannotSpeak):
        pronouncer.pronounce(text)


def test_the_model_is_spared_where_the_lexicon_knows_every_word() -> None:
    def point(text: str) -> str:
        raise AssertionError(f"asked for {text!r}")

    assert Pronouncer(house_lexicon(), point).pronounce("קבעתי לכם עיסוי שוודי, מחר בארבע וחצי.")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("שלום", "expected 'words = respelling'"),
        ("שלום = ", "expected"),
        ("שלום = shal!om", "'!', which stands for no"),
    ],
)
def test_a_bad_line_of_the_lexicon_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(f"# words\n{line}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=complaint) as caught:
        load_lexicon(path)
    assert "line 2" in str(caught.value)


def test_every_pronunciation_of_the_lexicon_can_be_sounded() -> None:
    lexicon = house_lexicon()

    for entry in [*lexicon.words.values(), *lexicon.phrases.values()]:
        assert ipa_to_espeak(entry.ipa)
        assert any(vowel in entry.ipa for vowel in "aeiou")


def test_the_notation_of_the_lexicon() -> None:
    assert respelled_to_ipa("rekam'ot") == "ʁekamˈot"
    assert respelled_to_ipa("shiv-'a") == "ʃivʔˈa"
    assert ipa_to_espeak("ʁekamˈot") == "Q\"ekam'ot"
