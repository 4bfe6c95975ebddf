"""How text is cut into words for Elasticsearch. Each setting says why it is there; docs/search.md has the measures.

Texts come here prepared (`search.words.prepared`), of what is written and of what is asked: apostrophes, acronyms and
inclusive spellings are of one kind by then. Everything used is in every distribution: no plugin, no script, no file on
the node.
"""

from __future__ import annotations

from elasticsearch.dsl import analyzer, token_filter

# Left out of French and English text: they say nothing, and stand everywhere. “Été”, “sur”, “ses”, “est”, “as”, “ai”,
# “eu” and “c” are words at a university (école d'été, SES, AS, langage C) and stay; Lucene's own list drops them.
_FRENCH_STOPS = [
    *("le", "la", "les", "un", "une", "des", "du", "de", "au", "aux", "a", "et", "ou", "en", "dans", "par", "pour"),
    *("avec", "chez", "ce", "cet", "cette"),
]
_ENGLISH_STOPS = ["the", "a", "an", "of", "to", "and", "or", "in", "at", "for", "with", "from"]

# What frames a question: dropped from what is asked only, so that a title that is a question keeps its words.
_QUESTIONS = """
comment quel quelle quels quelles quand pourquoi combien qui que quoi lequel laquelle lesquels lesquelles
il ils elle elles on je tu nous vous me te se moi toi lui y mon ma mes ton tes notre nos votre vos son leur leurs
peut peux puis pouvons peuvent doit dois devons doivent faut faire fait fais
sont suis etes sommes etre avoir avez ont si ne pas cela
"""
QUESTION_WORDS = frozenset(_QUESTIONS.split())

# Light stemming takes these together; they are different things.
_OVERRIDES = [
    "licence, licences => licence",
    "licencie, licencies, licenciee, licenciees => licencie",
    "licenciement, licenciements => licenciement",
    "master, masters => master",
    "mastere, masteres => mastere",
    "universitaire, universitaires => universitaire",
    "universite, universites => universite",
    "boursier, boursiers, boursiere, boursieres => boursier",
    "bourse, bourses => bourse",
    "cours => cours",
    "course, courses => course",
]

elision = token_filter(
    "elided",
    type="elision",
    articles_case=True,
    articles=["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"],
)
french_stops = token_filter("french_stops", type="stop", stopwords=_FRENCH_STOPS)
english_stops = token_filter("english_stops", type="stop", stopwords=_ENGLISH_STOPS)
questions = token_filter("questions", type="stop", stopwords=sorted(QUESTION_WORDS))
overrides = token_filter("overrides", type="stemmer_override", rules=_OVERRIDES)
light_french = token_filter("light_french", type="stemmer", language="light_french")
possessive = token_filter("possessive", type="stemmer", language="possessive_english")
english_stems = token_filter("english_stems", type="stemmer", language="english")
beginnings = token_filter("beginnings", type="edge_ngram", min_gram=1, max_gram=20)

_FRENCH = [elision, "lowercase", "asciifolding", french_stops]

# Light stemming joins singular and plural, masculine and feminine, and little else: the stronger stemmer joins
# words that readers keep apart.
french = analyzer("parvis_french", tokenizer="standard", filter=[*_FRENCH, overrides, light_french])
french_asked = analyzer(
    "parvis_french_asked",
    tokenizer="standard",
    filter=[*_FRENCH, questions, overrides, light_french],
)
english = analyzer(
    "parvis_english",
    tokenizer="standard",
    filter=[possessive, "lowercase", "asciifolding", english_stops, english_stems],
)
# Words as they are, folded: nothing is left out, so that names keep their particles and “SES” is found.
plain = analyzer("parvis_plain", tokenizer="standard", filter=[elision, "lowercase", "asciifolding"])
plain_asked = analyzer("parvis_plain_asked", tokenizer="standard", filter=[*_FRENCH, questions])
# What a word begins with, for what is being typed.
beginning = analyzer(
    "parvis_beginning",
    tokenizer="standard",
    filter=[elision, "lowercase", "asciifolding", beginnings],
)
ANALYZERS = (french, french_asked, english, plain, plain_asked, beginning)
