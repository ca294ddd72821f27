"""The vocabulary of the IMDB twin: which word has which rank, and how much it leans to a sentiment."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, product

VOCABULARY = 12_000
"""Words of the twin, so that ``num_words=10_000`` cuts a tail off, as it does on the real data."""

STRONG_TILT, WEAK_TILT = 12, 4
"""How far a sentiment word, and a faintly leaning one, leans per level of sentiment (see `tilts`)."""

_FIRST_WEAK_RANK = 200  # the commonest words lean to neither side

_COMMON_TEXT = """
the and a of to is br in it i this that was as for with movie but film on not you are his have he be one all
at by an they who so from like her or just about it's out has if some there what more when very up no time
she even my would which only story really see their had can were me than we much been get will do also into
people other first because how him most don't made its then way make them too could any movies after think
characters watch two films character seen many being life plot never acting little over where did show know
off ever does your end still man here these say scene while why scenes go such something through should back
i'm real those watching now though doesn't years old thing actors work ten before another didn't new nothing
actually makes director look find going few same part again every lot cast us quite down want world things
young seems around got however can't fact take big enough long thought that's both between series give may
original own action i've right without always times comedy point gets must come role isn't saw almost least
family done there's whole bit music script far making guy anything minutes feel last since might performance
he's probably kind am away yet rather tv girl day sure woman played each found anyone having although
especially our believe course comes looking screen trying set goes looks place book different put ending
money maybe once sense reason actor everything wasn't shows three year job main someone together watched
play american plays said effects later takes instead seem john himself version audience high house night
during everyone left special seeing half wife star shot war idea black less mind simply read second else
you're father fan help completely death used home either short line given men top budget try rest use kids
hollywood production until along full friends camera women video next tell remember couple start stars
perhaps mean came let moments episode understand small face playing school getting written doing often keep
early name perspective city street room door window table morning evening mother brother sister son daughter
doctor police town village train river island sea road car letter phone song dance studio sequel
"""

# Roughly from frequent to rare, as reviewers use them.
_POSITIVE_TEXT = """
great good best love wonderful excellent perfect beautiful loved amazing favorite brilliant fantastic highly
superb enjoyed beautifully touching enjoyable terrific wonderfully outstanding recommended fun heart strong
powerful moving greatest gem beauty stunning incredible masterpiece oscar delightful subtle sweet memorable
classic enjoy finest solid awesome magnificent brilliantly refreshing fine remarkable charming fascinating
recommend emotional breathtaking favorites favourite intense atmosphere deeply lovely joy perfection
haunting extraordinary compelling delight gorgeous flawless gripping superbly winning treat believable
appreciated marvelous unforgettable loving poignant spectacular satisfying hilarious impressed happy magic
effective exceptional timeless warm impressive witty crafted funny entertaining tremendous pleasantly
sensitive genius nicely shines splendid dazzling captivating enchanting heartwarming inspiring inspired
thrilling riveting mesmerizing uplifting graceful elegant tender heartfelt sincere radiant vivid lively
playful engaging absorbing thoughtful insightful clever inventive accomplished imaginative masterful
masterfully exquisite sublime luminous triumph treasure stellar faultless unmissable engrossing affecting
endearing lovable likable hypnotic rewarding delicious superlative exhilarating irresistible noble generous
"""

_NEGATIVE_TEXT = """
bad worst awful waste terrible stupid boring worse poor horrible supposed crap ridiculous poorly lame avoid
annoying dull mess badly wasted cheap pointless laughable pathetic fails garbage unfortunately predictable
dumb redeeming excuse disappointing wooden bored disappointment sucks mediocre unfunny fake trash lousy weak
amateurish insult dreadful problem atrocious rubbish lack tedious embarrassing painful hell bland
uninteresting unconvincing forgettable lacks crappy horribly ugly junk stupidity utter irritating inept
pretentious boredom turkey incoherent idiotic zero ludicrous absurd drivel ashamed uninspired miserably
appalling abysmal dire clumsy hollow shallow tiresome insipid lifeless soulless vapid witless humourless
charmless tasteless senseless mindless brainless worthless useless hopeless nonsense gibberish disaster
failure fiasco flop travesty abomination dismal dreary sloppy lazy muddled confusing convoluted contrived
implausible stilted cringe cringeworthy unbearable unwatchable insufferable offensive obnoxious grating
shoddy tacky trite stale clichéd derivative unoriginal overlong plodding sluggish monotonous painfully
excruciating ghastly hideous wretched feeble flimsy pitiful moronic asinine inane botched bungled
"""

_COMMON, _POSITIVE, _NEGATIVE = (text.split() for text in (_COMMON_TEXT, _POSITIVE_TEXT, _NEGATIVE_TEXT))

_ONSETS = ["b", "br", "d", "dr", "gl", "h", "j", "kl", "l", "n", "pl", "r", "s", "sk", "st", "t", "tr", "v"]
_VOWELS = ["a", "e", "i", "o", "u"]
_CODAS = ["", "l", "n", "r", "s"]
_STRIDE = 25_481  # coprime to the number of words that can be built, so every one comes up once


@lru_cache(maxsize=1)
def _placed() -> dict[int, tuple[str, int]]:
    """The sentiment words by rank, each with its sign: dense among the common ranks, sparser further down."""
    return {
        70 + 8 * k + k * k // 12 + shift: (word, sign)
        for listed, sign, shift in ((_POSITIVE, 1, 0), (_NEGATIVE, -1, 4))
        for k, word in enumerate(listed)
    }


def tilts() -> list[int]:
    """For every rank from 1 to `VOCABULARY`, how the word leans: > 0 to praise, < 0 to blame, 0 not at all.

    A review of sentiment level ``s`` uses a word ``1 + s * tilt / 64`` times as often as a neutral one.
    """
    placed = _placed()
    leaning = []
    for rank in range(1, VOCABULARY + 1):
        # Of four further words, one leans faintly each way: what is left to learn once the obvious
        # words are known, and what a network memorises wrongly if it trains on.
        faint = (0, 1, 0, -1)[rank % 4] * WEAK_TILT if rank >= _FIRST_WEAK_RANK else 0
        leaning.append(placed[rank][1] * STRONG_TILT if rank in placed else faint)
    return leaning


def _invented() -> Iterator[str]:
    """Pronounceable words that mean nothing, all distinct, neighbours unlike one another."""
    syllables = [onset + vowel for onset, vowel in product(_ONSETS, _VOWELS)]
    count = len(syllables)
    total = count * count * len(_CODAS)
    for k in range(total):
        index = k * _STRIDE % total
        coda, pair = index % len(_CODAS), index // len(_CODAS)
        yield syllables[pair // count] + syllables[pair % count] + _CODAS[coda]


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """The twin's words by rank (rank 1 first), all distinct: English where it matters, invented elsewhere."""
    english = {*_COMMON, *_POSITIVE, *_NEGATIVE}
    rest = chain(_COMMON, (word for word in _invented() if word not in english))
    placed = {rank: word for rank, (word, _) in _placed().items()}
    return tuple(placed[rank] if rank in placed else next(rest) for rank in range(1, VOCABULARY + 1))
