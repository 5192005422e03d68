"""Learn which class a text belongs to, and say it of new texts. Pure: no database.

Features are characters and pairs of neighbours, weighed by tf-idf; the classes are told apart by
complement naive Bayes (Rennie and others, 2003), which stays fair to rare classes. Its scores
become probabilities by one temperature fitted on cases it has not seen. Learning needs
scikit-learn and is left to a job; naming needs a few additions in NumPy.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

MOST_FEATURES = 20_000
FEWEST_EACH = 2  # a class seen less often is not learned
SMOOTHING = 0.3
LONGEST = 1000  # characters of a text that count


@dataclass(frozen=True)
class Weights:
    """What was learned: features, their idf, a weight for each class, and the temperature."""

    features: list[str]
    classes: list[str]
    idf: Any
    weights: Any  # features x classes
    temperature: float = 1.0

    @cached_property
    def place(self) -> dict[str, int]:
        """Return the row of each feature."""
        return {feature: row for row, feature in enumerate(self.features)}

    def name(self, text: str, most: int = 3) -> list[tuple[str, float]]:
        """Return the likeliest classes of a text with their probabilities, best first."""
        scores = self.scores(text)
        if scores is None:
            return []
        odds = np.exp((scores - scores.max()) * self.temperature)
        shares = odds / odds.sum()
        best = np.argsort(-shares)[:most]
        return [(self.classes[n], float(shares[n])) for n in best]

    def scores(self, text: str) -> Any:
        """Return a score of each class, or None for a text without a known feature."""
        counts = Counter(n for part in parts(text) if (n := self.place.get(part)) is not None)
        if not counts:
            return None
        rows = np.fromiter(counts, dtype=np.int64)
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float64))) * self.idf[rows]
        values /= np.sqrt((values**2).sum())
        return values @ self.weights[rows].astype(np.float64)

    def pack(self) -> bytes:
        """Return it as bytes to store; `unpack` gives it back."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            features=np.array(self.features),
            classes=np.array(self.classes),
            idf=np.asarray(self.idf, dtype=np.float32),
            weights=np.asarray(self.weights, dtype=np.float16),
            temperature=np.array(self.temperature),
        )
        return out.getvalue()


def unpack(body: bytes) -> Weights:
    """Return what `Weights.pack` stored; it holds numbers and words only, nothing that runs."""
    with np.load(io.BytesIO(body), allow_pickle=False) as kept:
        return Weights(
            features=kept["features"].tolist(),
            classes=kept["classes"].tolist(),
            idf=kept["idf"],
            weights=kept["weights"],
            temperature=float(kept["temperature"]),
        )


def parts(text: str) -> list[str]:
    """Return a text's features: its characters and their pairs, blanks left out."""
    plain = "".join(text.lower().split())[:LONGEST]
    return [*plain, *(plain[n : n + 2] for n in range(len(plain) - 1))]


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    importance: Sequence[float] | None = None,
    temperature: float = 1.0,
    keywords: Mapping[str, Sequence[str]] | None = None,
) -> Weights | None:
    """Learn from texts and their classes; None where there are fewer than two classes to tell.

    Each keyword of a class counts as a short text of it, so that a class is known before its first
    case. It is put in as two halves: what stands in one text alone is left out as chance.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.naive_bayes import ComplementNB

    many = Counter(labels)
    kept = [n for n, label in enumerate(labels) if many[label] >= FEWEST_EACH]
    if len({labels[n] for n in kept}) < 2:
        return None
    seldom = 2 if len(kept) > 50 else 1
    hints = [(word, name) for name, row in (keywords or {}).items() for word in row for _ in "12"]
    words = TfidfVectorizer(
        analyzer=parts, sublinear_tf=True, min_df=seldom, max_features=MOST_FEATURES
    )
    table = words.fit_transform([*(texts[n] for n in kept), *(word for word, _name in hints)])
    bayes = ComplementNB(alpha=SMOOTHING)
    weight = [1.0 if importance is None else importance[n] for n in kept] + [0.5] * len(hints)
    names = [*(labels[n] for n in kept), *(name for _word, name in hints)]
    bayes.fit(table, names, sample_weight=weight)
    return Weights(
        features=words.get_feature_names_out().tolist(),
        classes=[str(name) for name in bayes.classes_],
        idf=words.idf_,
        weights=bayes.feature_log_prob_.T,
        temperature=temperature,
    )


def calibrate(weights: Weights, texts: Sequence[str], labels: Sequence[str]) -> float:
    """Return the temperature under which unseen texts' own classes are likeliest."""
    from scipy.optimize import minimize_scalar

    place = {name: n for n, name in enumerate(weights.classes)}
    rows = [
        (scores, place[label])
        for text, label in zip(texts, labels, strict=True)
        if label in place and (scores := weights.scores(text)) is not None
    ]
    if not rows:
        return 1.0
    table = np.array([scores for scores, _label in rows])
    right = np.array([label for _scores, label in rows])
    table = table - table.max(axis=1, keepdims=True)

    def surprise(log_temperature: float) -> float:
        hot = table * np.exp(log_temperature)
        whole = np.log(np.exp(hot).sum(axis=1))
        return float((whole - hot[np.arange(len(right)), right]).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3.0, 6.0), method="bounded").x))


@dataclass(frozen=True)
class Measured:
    """Shares of unseen cases that were named right; `keywords` None without such a list."""

    tested: int
    top1: float
    top3: float
    majority: float
    keywords: float | None = None


def measure(
    weights: Weights,
    texts: Sequence[str],
    labels: Sequence[str],
    commonest: str,
    keywords: dict[str, list[str]] | None = None,
) -> Measured:
    """Return how many unseen texts are named right, beside two simple ways to name them."""
    named = [[name for name, _share in weights.name(text)] for text in texts]
    pairs = list(zip(named, labels, strict=True))
    total = max(1, len(pairs))
    return Measured(
        tested=len(pairs),
        top1=sum(names[:1] == [label] for names, label in pairs) / total,
        top3=sum(label in names for names, label in pairs) / total,
        majority=sum(label == commonest for label in labels) / total,
        keywords=None
        if keywords is None
        else sum(
            by_keywords(text, keywords, commonest) == label
            for text, label in zip(texts, labels, strict=True)
        )
        / total,
    )


def by_keywords(text: str, keywords: dict[str, list[str]], otherwise: str) -> str:
    """Return the class most of whose keywords stand in a text; the first of equals."""
    found = {name: sum(word in text for word in words) for name, words in keywords.items()}
    best = max(found, key=lambda name: found[name], default=otherwise)
    return best if found.get(best) else otherwise
