import random

import numpy as np
import pytest

from fairmark.data import choice, imdb_twin, imdb_words, load, twin, word_index
from fairmark.data.twin import TwinDamaged

PINNED = "68d8001f9a81bf26d239502f9d423d5efe170eeb87878dc234c5c00d908358d0"


def test_content_is_the_pinned_one(generated):
    assert imdb_twin.CONTENT_SHA256 == PINNED
    assert twin.content_sha256(generated) == PINNED


def test_another_seed_gives_other_reviews(generated):
    assert twin.content_sha256(imdb_twin.generate(imdb_twin.SEED + 1)) != PINNED


@pytest.mark.parametrize("half", ["train", "test"])
def test_labels_are_balanced_and_shuffled(generated, half):
    labels = generated[f"{half}_labels"]
    assert labels.shape == (25_000,)
    assert np.bincount(labels).tolist() == [12_500, 12_500]
    # Blocks of 5000 as the lecture's validation split takes them: no class may prevail.
    assert np.all(np.abs(labels.reshape(5, 5000).mean(axis=1) - 0.5) < 0.03)


@pytest.mark.parametrize("half", ["train", "test"])
def test_lengths_are_distributed_as_the_real_ones(generated, half):
    lengths = np.diff(generated[f"{half}_offsets"]) + 1  # the start character counts, as in Keras's lists
    assert 233 < lengths.mean() < 243
    assert 174 < np.median(lengths) < 182
    assert lengths.min() > 10
    assert lengths.max() < 2494
    assert 560 < np.percentile(lengths, 95) < 640


def test_word_frequencies_follow_zipfs_law(generated):
    counts = np.bincount(generated["train_ranks"], minlength=imdb_words.VOCABULARY + 1)[1:]
    assert np.all(counts > 0)
    shares = counts / counts.sum()
    ranks = np.array([3, 10, 30, 100, 300, 1000])
    slope = np.polyfit(np.log(ranks), np.log(shares[ranks - 1]), 1)[0]
    assert -1.2 < slope < -0.8
    # "the" is 5.7 % of the real words; rarer words than `num_words` keeps are a small part.
    assert 0.04 < shares[0] < 0.09
    assert 0.005 < shares[9997:].sum() < 0.06


def test_sentiment_words_tell_the_label(generated):
    ranks, offsets, labels = (generated[f"train_{part}"] for part in ("ranks", "offsets", "labels"))
    positive = np.repeat(labels == 1, np.diff(offsets))
    index = imdb_words.words()
    for word, praised in [("wonderful", True), ("brilliant", True), ("awful", False), ("tedious", False)]:
        share = positive[ranks == index.index(word) + 1].mean()
        assert (share > 0.6) if praised else (share < 0.4)
    for word in ("the", "and", "movie"):
        assert abs(positive[ranks == index.index(word) + 1].mean() - 0.5) < 0.02


def test_words_are_distinct_and_begin_with_the_commonest():
    words = imdb_words.words()
    assert len(words) == len(set(words)) == imdb_words.VOCABULARY
    assert words[:12] == ("the", "and", "a", "of", "to", "is", "br", "in", "it", "i", "this", "that")
    assert sum(tilt == imdb_words.STRONG_TILT for tilt in imdb_words.tilts()) == 150
    assert sum(tilt == -imdb_words.STRONG_TILT for tilt in imdb_words.tilts()) == 150


def test_a_damaged_cache_is_made_anew(home, tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    imdb = choice.DATA_SETS["imdb"].twin
    path = tmp_path / "cache" / imdb.file
    twin.content(imdb)
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:5000] + b"?" + whole[5001:], b"no zip at all"):
        path.write_bytes(damaged)
        with pytest.raises(TwinDamaged):
            twin.read(imdb, path)
        twin.content.cache_clear()
        assert twin.content_sha256(twin.content(imdb)) == PINNED
        assert twin.content_sha256(twin.read(imdb, path)) == PINNED
        assert [entry.name for entry in path.parent.iterdir()] == [imdb.file]


def test_a_cache_of_pickles_is_refused(tmp_path, home):
    path = tmp_path / "evil.npz"
    np.savez(path, train_ranks=np.array([[1], [1, 2]], dtype="object"))
    with pytest.raises(TwinDamaged, match="can't be read"):
        twin.read(choice.DATA_SETS["imdb"].twin, path)


def test_a_whole_file_with_other_content_is_refused(tmp_path, home):
    path = tmp_path / "other.npz"
    np.savez(path, train_ranks=np.arange(3))
    with pytest.raises(TwinDamaged, match="does not hold"):
        twin.read(choice.DATA_SETS["imdb"].twin, path)


def test_a_machine_that_generates_something_else_is_told(home):
    imdb = choice.DATA_SETS["imdb"].twin
    strange = twin.Twin(imdb.file, imdb.sha256, lambda: {"train_ranks": np.arange(3)})
    with pytest.raises(TwinDamaged, match="another"):
        twin.content(strange)


def test_a_cache_that_cannot_be_written_does_not_matter(home, tmp_path):
    (tmp_path / "cache").write_text("a file, so that no folder can be made here")
    assert twin.content_sha256(twin.content(choice.DATA_SETS["imdb"].twin)) == PINNED


def test_a_decoded_review_is_readable(home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    (x_train, y_train), _ = load("imdb")
    spelled = {rank + 3: word for word, rank in word_index("imdb").items()}
    assert sorted(spelled) == list(range(4, imdb_words.VOCABULARY + 4))
    praise = {"wonderful", "excellent", "perfect", "beautiful", "amazing", "great", "best", "love"}
    blame = {"worst", "awful", "waste", "terrible", "stupid", "boring", "worse", "bad"}
    right = wrong = 0
    for i in random.Random(1).sample(range(25_000), 2000):
        review = [spelled[number] for number in x_train[i] if number > 3]
        balance = sum(word in praise for word in review) - sum(word in blame for word in review)
        right += balance != 0 and (balance > 0) == (y_train[i] == 1)
        wrong += balance != 0 and (balance > 0) != (y_train[i] == 1)
    assert right > 2 * wrong
