"""What else raises the result on the photographs? The last table of lesson 09, measured for `make figures`.

Features of a frozen VGG16 with random weights, a head on them, five different splits into 1,600 and 400. Nothing is
chosen on a test part: where something has to be chosen, a validation part is taken out of the training part.
"""

import itertools

import numpy as np

from datasets.features import draw_weights, raw_features, standardized

SIZES = (64, 128, 224)
SPLITS = 5
COLUMNS = ("binary accuracy", "macro F1", "subset accuracy")
HIDDEN = 128  # units of the first layer of two
ALL_ZEROS, VALIDATED, THRESHOLDS = "all zeros", "64 x 64, trained on 1,280", "the same, thresholds from the other 320"
WEIGHTED, TWO_LAYERS = "64 x 64, class weights", "64 x 64, two layers"
ROWS = (ALL_ZEROS, *(f"{size} x {size} pixels" for size in SIZES), VALIDATED, THRESHOLDS, WEIGHTED, TWO_LAYERS)


def f1_scores(labels, predictions):
    """The F1 of each label, 0 where it would be 0 / 0; arrays of 0 and 1 of shape (n_samples, n_labels)."""
    hits, named = (labels * predictions).sum(axis=0), (labels + predictions).sum(axis=0)
    return 2 * hits / np.maximum(named, 1)


def figures(labels, predictions):
    """Return (binary accuracy, macro F1, subset accuracy): macro is the mean over the labels."""
    right = labels == predictions
    return np.mean(right), np.mean(f1_scores(labels, predictions)), np.mean(right.all(axis=1))


def best_thresholds(labels, logits):
    """For each label, the logit whose predictions have the best F1, halfway between two samples.

    Args:
        labels, logits: of a validation part, shape (n_samples, n_labels).

    Returns:
        Array of shape (n_labels,).
    """
    found = []
    for true, column in zip(labels.T, logits.T, strict=True):
        ordered = np.unique(column)
        middles = (ordered[1:] + ordered[:-1]) / 2
        scores = f1_scores(true[:, None], (column[:, None] > middles).astype(np.float64))
        found.append(middles[np.argmax(scores)])
    return np.array(found)


def train(features, labels, seed, hidden=(), positive=1.0):
    """Train a head and return it, as a function from features to logits.

    Args:
        features, labels: float32 arrays of the training part, standardized.
        seed: of the start and of the order of the samples.
        hidden: units of layers before the last, with ReLU.
        positive: what a label that is there weighs in the loss, beside 1 for one that is not: a number, or one for
            each label.
    """
    import keras

    keras.utils.set_random_seed(seed)
    units = [features.shape[1], *hidden, labels.shape[1]]
    layers = [keras.layers.Dense(count, "relu") for count in hidden]
    head = keras.Sequential([keras.Input(units[:1]), *layers, keras.layers.Dense(units[-1])])
    head.set_weights(draw_weights([shape for pair in itertools.pairwise(units) for shape in (pair, pair[1:])], seed))
    weights = np.float32(positive)

    def loss(true, logits):
        each = keras.ops.softplus(logits) - true * logits  # binary cross-entropy from logits
        return keras.ops.mean(each * (1 + (weights - 1) * true))

    head.compile("adam", loss, steps_per_execution=25)
    head.fit(features, labels, batch_size=64, epochs=100, verbose=0)
    return lambda inputs: head.predict(inputs, verbose=0)


def split(features, labels, seed, validation=0):
    """Standardize with the training part's figures: [(features, labels)] of training, validation and test."""
    n_samples = len(labels)
    order, last = np.random.default_rng(seed).permutation(n_samples), round(0.8 * n_samples)
    parts = np.split(order, [last - validation, last])
    standard = standardized(features, parts[0]).astype(np.float32)
    return [(standard[part], labels[part]) for part in parts]


def rows_of(features, labels, seed):
    """All rows of one split: {what: (binary accuracy, macro F1, subset accuracy)}.

    Args:
        features: {size: float32 array of shape (n_samples, 512)}; labels: float32 array of shape (n_samples, 5).
        seed: of the split.
    """
    rows = {}

    def measure(what, logits, true, thresholds=0.0):
        rows[what] = figures(true, (logits > thresholds).astype(np.float32))

    *_, (_, true) = split(features[64], labels, seed)
    measure(ALL_ZEROS, np.full(true.shape, -1.0), true)
    for size in SIZES:
        trained, _, (inputs, true) = split(features[size], labels, seed)
        measure(f"{size} x {size} pixels", train(*trained, seed)(inputs), true)

    trained, (checked, of_checked), (inputs, true) = split(features[64], labels, seed, len(labels) * 16 // 100)
    head = train(*trained, seed)
    measure(VALIDATED, head(inputs), true)
    measure(THRESHOLDS, head(inputs), true, best_thresholds(of_checked, head(checked)))

    trained, _, (inputs, true) = split(features[64], labels, seed)
    share = trained[1].mean(axis=0)
    measure(WEIGHTED, train(*trained, seed, positive=(1 - share) / share)(inputs), true)
    measure(TWO_LAYERS, train(*trained, seed, hidden=(HIDDEN,))(inputs), true)
    return rows


def measured(folder):
    """The rows of a data set: {what: array of shape (5 splits, 3)}. Features are computed once and kept."""
    features = {}
    for size in SIZES:
        features[size], labels = raw_features(folder, size, verbose=1)
    splits = [rows_of(features, labels, seed) for seed in range(SPLITS)]
    return {what: np.array([rows[what] for rows in splits]) for what in splits[0]}
