"""What each thing is worth in Elasticsearch: all weights, in one place, each with what justifies it.

Measured with `make relevance` on the tuning topics (nDCG@10; docs/search.md has the table), or read in the acceptance
cases where no collection speaks of the thing (codes, people, readers).
"""

# The parts of an entry, for words in any of them (term-centric: a word counts once, where it counts most).
FIELDS = {"title": 2.5, "summary": 1.5, "headings": 0.7, "body": 1.0, "file": 0.5}
TIE_BREAKER = 0.3
# The same with words as they are: tells “universitaire” from “université” where stems do not.
EXACT = 0.4
OTHER_LANGUAGE = 0.6

# The words in the title alone, and all of them there.
TITLE = 0.5
ALL_IN_TITLE = 6.0
# The title is what was asked.
WHOLE_TITLE = 60.0
# A code, an acronym, a telephone number, an e-mail: above all text.
CODE = 100.0
ACRONYM = 2.0  # one word among others
# All words in the title, a code or a figure among them: the room itself, before what lists it and is recommended.
CODE_IN_TITLE = 50.0
# The end of a telephone number, for who is signed in: four digits may also be a year.
EXTENSION = 20.0
# What an editor says it is also called.
ALSO = 6.0
NAMES = 4.0  # all words, particles too, in the title
BEGINNING = 1.5
THIS_YEAR = 3.0  # “2026-2027” in the title, where the search says no year: the calendar of this year before older ones
AROUND = 0.8  # unit, place, campus
PHRASE = 4.0  # words in quotes must stand together; those that are not gain by it in the title
SYNONYM = 0.9  # what the words of an editor's synonym are worth beside those asked
FUZZY = 1.0

# Readers and dates, as factors.
RECOMMENDED = 0.35
FRESH_NEWS = 0.8  # news of this week about what is asked, before guidance that is recommended to the reader
NEWS_HALVES = "30d"
NEWS_AFTER = "7d"
PAST_EVENT = 0.3
RETIRED = 0.05
# What is viewed 500 times a day, every day; popularity is between 0 and 1 (search.popularity).
POPULARITY = 0.2
