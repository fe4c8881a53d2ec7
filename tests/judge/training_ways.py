"""Mistakes of exercise 09 in the words that people usually write them in: as in ways.py."""

from tests.judge.ways import kept

WAYS, way = kept()


# Right ones. Each of the next has one place of it written in another way, or several that people forget together.
DEVICE = """def find_device():
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        return {"backend": "tensorflow", "kind": "GPU", "name": gpus[0].name, "count": len(gpus),
                "precision": "mixed_float16"}
    return {"backend": "tensorflow", "kind": "CPU", "name": "CPU", "count": 1, "precision": "float32"}
"""
NO_GPU = '"name": "CPU", "count": 1, "precision": "float32"'

WEIGHTS = """def draw_weights(shapes, seed=0):
    rng = np.random.default_rng(seed)
    weights = []
    for shape in shapes:
        if len(shape) == 1:
            weights.append(np.zeros(shape, np.float32))
        else:
            inputs = np.prod(shape[:-1])
            kernel = rng.standard_normal(shape, dtype=np.float32) * np.sqrt(2 / inputs)
            weights.append(kernel.astype(np.float32))
    return weights
"""
GENERATOR, KERNEL = "    rng = np.random.default_rng(seed)\n", "            kernel ="
DRAWN = "rng.standard_normal(shape, dtype=np.float32) * np.sqrt(2 / inputs)"
CAST, ZEROS = (".astype(np.float32)", ""), ("np.zeros(shape, np.float32)", "np.zeros(shape)")

FEATURES = """def compute_features(images, weights, precision="float32", batch_size=64, verbose=0):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    base = build_base(weights=None, image_size=images.shape[1])
    base.set_weights(weights)
    keras.config.set_dtype_policy(before)
    features = extract_features(base, images, batch_size)
    return features.astype("float32")
"""
BACK, AS_FLOAT32 = ("    keras.config.set_dtype_policy(before)\n", ""), ('.astype("float32")', "")

HEAD = """def train_head(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    inputs = keras.Input((features.shape[1],))
    outputs = keras.layers.Dense(labels.shape[1], activation="sigmoid", dtype="float32")(inputs)
    model, adam = keras.Model(inputs, outputs), keras.optimizers.Adam()
    model.compile(optimizer=adam, loss="binary_crossentropy", auto_scale_loss=False)
    model.set_weights([kernel, bias])
    history = []
    if checkpoint and os.path.exists(checkpoint):
        with np.load(checkpoint) as file:
            saved = dict(file)
        if int(saved["seed"]) != seed or int(saved["batch_size"]) != batch_size:
            raise ValueError("another training")
        if saved["kernel"].shape != kernel.shape or len(saved["history"]) > epochs:
            raise ValueError("another training")
        history = saved["history"].tolist()
        model.set_weights([saved["kernel"], saved["bias"]])
        adam.build(model.trainable_variables)
        for variable, name in zip(adam.variables[2:], STATE[2:]):
            variable.assign(saved[name])
        adam.iterations.assign(len(history) * -(-len(features) // batch_size))
    for epoch in range(len(history), epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(features))
        total = 0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            total += len(batch) * model.train_on_batch(features[batch], labels[batch])
        w, b = model.get_weights()
        row = [total / len(order), np.nan, np.nan]
        if test is not None:
            z = test[0] @ w + b
            row[1:] = np.mean(np.logaddexp(0, z) - test[1] * z), np.mean((z > 0) == test[1])
        history.append(row)
        if checkpoint:
            arrays = dict(zip(STATE, [w, b, *(variable.numpy() for variable in adam.variables[2:])]))
            with open(checkpoint + ".new", "wb") as file:
                np.savez(file, seed=seed, batch_size=batch_size, history=np.float32(history), **arrays)
            os.replace(checkpoint + ".new", checkpoint)
    return *model.get_weights(), np.array(history, np.float32)
"""
LOOP = "    for epoch in range(len(history), epochs):\n"
RESTORED = HEAD[HEAD.index("        adam.build") : HEAD.index("        adam.iterations")], ""
COUNTED = HEAD[HEAD.index("        adam.iterations") : HEAD.index(LOOP)], ""
ARRAYS = HEAD[HEAD.index("arrays = ") : HEAD.index("            with open")].strip()
SAVED = HEAD[HEAD.index('            with open(checkpoint + ".new"') : HEAD.index("    return *model")]
SAVEZ = "np.savez({}, seed=seed, batch_size=batch_size, history=np.float32(history), **arrays)\n"
IN_PLACE = SAVED, "            " + SAVEZ.format("checkpoint")
OPENED = SAVED, f'            with open(checkpoint, "wb") as file:\n                {SAVEZ.format("file")}'
OTHERS = HEAD[HEAD.index('        if int(saved["seed"])') : HEAD.index("        history = saved")], ""

REPORT = """def label_report(y_true, y_pred, classes):
    labels = {}
    for i, name in enumerate(classes):
        true, predicted = y_true[:, i] == 1, y_pred[:, i] == 1
        tp = int((true & predicted).sum())
        precision = tp / int(predicted.sum()) if predicted.any() else 0.0
        recall = tp / int(true.sum()) if true.any() else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        labels[name] = {"precision": precision, "recall": recall, "f1": f1}
    return {
        "binary_accuracy": float(np.mean(y_true == y_pred)),
        "all_zeros": float(np.mean(y_true == 0)),
        "subset_accuracy": float(np.mean((y_true == y_pred).all(axis=1))),
        "hamming_loss": float(np.mean(y_true != y_pred)),
        "labels": labels,
    }
"""
PRECISION, RECALL = "tp / int(predicted.sum())", "tp / int(true.sum())"
UNDEFINED = (
    (" if predicted.any() else 0.0", ""),
    (" if true.any() else 0.0", ""),
    (" if precision + recall else 0.0", ""),
)
OF_NUMPY = ("int((true & predicted).sum())", "(true & predicted).sum()"), ("int(predicted.sum())", "predicted.sum()")
F1 = "2 * precision * recall / (precision + recall)"

WORDS = """def describe_predictions(y_true, y_pred, classes):
    lines = []
    for true, predicted in zip(y_true, y_pred):
        true = [name for name, value in zip(classes, true) if value == 1]
        predicted = [name for name, value in zip(classes, predicted) if value == 1]
        lines.append((", ".join(true) or "NONE", ", ".join(predicted) or "NONE"))
    return lines
"""

PICTURES = """def draw_pictures(folder, history, images, words):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    epochs = range(1, len(history) + 1)
    plt.figure(figsize=(10, 4))
    plt.subplot(1, 2, 1)
    plt.plot(epochs, history[:, 0], label="training")
    plt.plot(epochs, history[:, 1], label="test")
    plt.legend()
    plt.subplot(1, 2, 2)
    plt.plot(epochs, history[:, 2])
    plt.savefig(os.path.join(folder, "curves.png"))
    plt.close()
    plt.figure(figsize=(9, 10))
    for i in range(min(9, len(images))):
        plt.subplot(3, 3, i + 1)
        plt.imshow(images[i])
        plt.title(words[i][0] + " -> " + words[i][1], fontsize=8)
        plt.axis("off")
    plt.savefig(os.path.join(folder, "sheet.png"))
    plt.close()
    return os.path.join(folder, "curves.png"), os.path.join(folder, "sheet.png")
"""

TRAINING = """def run_training(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    if weights not in ("random", "imagenet"):
        raise ValueError("weights are random or imagenet")
    from data_pipeline import load_image, read_table, split_indices

    begun = time.time()
    os.makedirs(output, exist_ok=True)
    claim = os.path.join(output, "claim.json")
    claimed = [folder, weights, image_size, batch_size, seed]
    if os.path.exists(claim) and json.loads(Path(claim).read_text()) != claimed:
        raise ValueError("another training is there")
    Path(claim).write_text(json.dumps(claimed))
    names, labels = read_table(folder, CLASSES)
    paths = [os.path.join(folder, "images", name) for name in names]
    digest = hashlib.sha256(Path(folder, "miml_labels_1.csv").read_bytes())
    for path in paths:
        digest.update(Path(path).read_bytes())
    base = build_base("imagenet" if weights == "imagenet" else None, image_size)
    of_base = base.get_weights()
    if weights == "random":
        of_base = draw_weights([part.shape for part in of_base], seed)
    start = draw_weights([(512, 5), (5,)], seed)
    began = hashlib.sha256(b"".join(part.tobytes() for part in [*of_base, *start])).hexdigest()
    device = find_device()
    images = np.array([load_image(path, image_size) for path in paths])
    features = compute_features(images, of_base, device["precision"], batch_size)
    np.save(os.path.join(output, "features.npy"), features)
    train, test = split_indices(len(names), seed=seed)
    x_train, x_test = standardize(features[train], features[test])
    kernel, bias, history = train_head(
        x_train, labels[train], *start, (x_test, labels[test]), epochs, batch_size, seed,
        os.path.join(output, "checkpoint.npz"),
    )
    np.savez(os.path.join(output, "weights.npz"), kernel=kernel, bias=bias)
    predictions = (x_test @ kernel + bias > 0).astype(np.float32)
    np.save(os.path.join(output, "predictions.npy"), predictions)
    words = describe_predictions(labels[test], predictions, CLASSES)
    with open(os.path.join(output, "predictions.txt"), "w") as file:
        for place, (true, predicted) in list(zip(test, words))[:10]:
            file.write(f"{names[place]}: {true} -> {predicted}\\n")
    draw_pictures(output, history, images[test[:9]], words[:9])
    versions = {"python": platform.python_version(), "numpy": np.__version__, "keras": keras.__version__}
    receipt = {"data": digest.hexdigest(), "weights": weights, "start": began, "seed": seed, "epochs": epochs}
    receipt |= {"image_size": image_size, "batch_size": batch_size, "versions": versions, "device": device}
    receipt |= {"seconds": time.time() - begun, **label_report(labels[test], predictions, CLASSES)}
    with open(os.path.join(output, "receipt.json"), "w") as file:
        json.dump(receipt, file)
    return receipt
"""
STANDARDIZED = "standardize(features[train], features[test])"
PREDICTED = "(x_test @ kernel + bias > 0)"
CLAIM = TRAINING[TRAINING.index("    claim =") : TRAINING.index("    names, labels")], ""
ONCE = TRAINING[TRAINING.index("    features = comp") : TRAINING.index("    train, test")]
SAVED = 'os.path.join(output, "features.npy")'
ONLY_ONCE = f"    if not os.path.exists({SAVED}):\n{ONCE.replace('    ', '        ')}"
KEPT = ONCE, f"{ONLY_ONCE}    features = np.load({SAVED})\n"
REFUSED = TRAINING[TRAINING.index("    if weights not in") : TRAINING.index("    from data_pipeline")], ""

# (misconception, the right one, pairs of what stands in it and what stands there instead)
CHANGES = [
    ("device_with_mixed_precision_everywhere", DEVICE, (NO_GPU, NO_GPU.replace("float32", "mixed_float16"))),
    ("device_with_float32_everywhere", DEVICE, ("mixed_float16", "float32")),
    ("device_with_float16_alone", DEVICE, ("mixed_float16", "float16")),
    ("device_in_the_words_of_the_backend", DEVICE,
     ('"kind": "GPU"', '"kind": "gpu"'), ('"kind": "CPU"', '"kind": "cpu"')),
    ("device_that_counts_gpus_alone", DEVICE, ('"count": 1', '"count": len(gpus)')),
    ("device_that_counts_one", DEVICE, ('"count": len(gpus)', '"count": 1')),
    ("weights_with_a_generator_for_each", WEIGHTS, (GENERATOR, ""), (KERNEL, f"        {GENERATOR}{KERNEL}")),
    ("weights_with_a_generator_for_each", WEIGHTS, (GENERATOR, ""), CAST,
     (DRAWN, "np.float32(np.sqrt(2 / inputs)) * np.random.default_rng(seed).standard_normal(shape, np.float32)")),
    ("weights_drawn_in_float64", WEIGHTS, (", dtype=np.float32", "")),
    ("weights_drawn_in_float64", WEIGHTS, (DRAWN, "rng.normal(0, np.sqrt(2 / inputs), shape)")),
    ("weights_drawn_in_float64", WEIGHTS, (", dtype=np.float32", ""), CAST, ZEROS),
    ("weights_that_become_float64", WEIGHTS, CAST),
    ("weights_that_become_float64", WEIGHTS, CAST, ZEROS),
    ("weights_with_the_legacy_generator", WEIGHTS, (GENERATOR, "    np.random.seed(seed)\n"),
     (DRAWN, "np.random.randn(*shape) * np.sqrt(2 / inputs)")),
    ("weights_by_glorot", WEIGHTS, ("2 / inputs", "2 / (inputs + shape[-1])")),
    ("weights_by_glorot", WEIGHTS, ("np.prod(shape[:-1])", "np.prod(shape[:-1]) + shape[-1]")),
    ("weights_of_a_keras_initializer", WEIGHTS, (DRAWN, "np.array(keras.initializers.HeNormal(seed)(shape))")),
    ("weights_scaled_by_the_first_axis", WEIGHTS, ("np.prod(shape[:-1])", "shape[0]")),
    ("weights_scaled_by_the_channels_alone", WEIGHTS, ("np.prod(shape[:-1])", "shape[-2]")),
    ("features_that_leave_the_policy_behind", FEATURES, BACK),
    ("features_that_leave_the_policy_behind", FEATURES, BACK, AS_FLOAT32),
    ("features_in_the_precision_of_the_base", FEATURES, AS_FLOAT32),
    ("features_of_images_up_to_255", FEATURES, ("(base, images,", "(base, images * 255,")),
    ("features_of_images_up_to_255", FEATURES, ("(base, images,", "(base, images * 255.0,"), BACK),
    ("features_in_float32_always", FEATURES, ("    keras.config.set_dtype_policy(precision)\n", "")),
    ("head_that_goes_on_without_adams_memory", HEAD, RESTORED, COUNTED),
    ("head_that_goes_on_without_adams_memory", HEAD, COUNTED),
    ("head_that_goes_on_without_adams_memory", HEAD, RESTORED, COUNTED,
     (ARRAYS, 'arrays = {"kernel": w, "bias": b}')),
    ("head_that_writes_into_its_checkpoint", HEAD, IN_PLACE),
    ("head_that_writes_into_its_checkpoint", HEAD, OPENED),
    ("head_that_goes_on_without_adams_memory", HEAD, RESTORED, COUNTED, IN_PLACE),
    ("head_in_the_order_of_the_first_epochs_again", HEAD, (LOOP, "    for epoch in range(epochs - len(history)):\n")),
    ("head_in_the_same_order_always", HEAD, ("[seed, epoch]", "seed")),
    ("head_with_one_generator_for_all_epochs", HEAD, (LOOP, f"    rng = np.random.default_rng(seed)\n{LOOP}"),
     ("np.random.default_rng([seed, epoch])", "rng")),
    ("head_with_the_mean_of_the_batches", HEAD, ("total += len(batch) * model", "total += model"),
     ("total / len(order)", "total / -(-len(order) // batch_size)")),
    ("head_under_the_global_policy", HEAD, (', dtype="float32"', "")),
    ("head_under_the_global_policy", HEAD, (', dtype="float32"', ""), (", auto_scale_loss=False", "")),
    ("head_without_a_test_part", HEAD, ("if test is not None", "if False")),
    ("report_with_precision_for_recall", REPORT, (PRECISION, "@"), (RECALL, PRECISION), ("@", RECALL),
     ("if predicted.any()", "@"), ("if true.any()", "if predicted.any()"), ("@", "if true.any()")),
    ("report_with_an_undefined_precision_of_one", REPORT,
     ("if predicted.any() else 0.0", "if predicted.any() else 1.0")),
    ("report_with_the_mean_for_f1", REPORT, (f"{F1} if precision + recall else 0.0", "(precision + recall) / 2")),
    ("report_with_the_mean_for_f1", REPORT, (f"{F1} if precision + recall else 0.0", "np.mean([precision, recall])")),
    ("report_with_division_by_zero", REPORT, *UNDEFINED),
    ("report_with_division_by_zero", REPORT, *UNDEFINED, *OF_NUMPY, ("int(true.sum())", "true.sum()")),
    ("described_the_wrong_way_round", WORDS, ("zip(y_true, y_pred)", "zip(y_pred, y_true)")),
    ("described_with_nothing_for_none", WORDS, (' or "NONE"', "")),
    ("described_with_another_word_for_none", WORDS, ("NONE", "None")),
    ("described_with_commas_alone", WORDS, ('", ".join', '",".join')),
    ("described_in_lists", WORDS, ('((", "', '([", "'), ('"NONE"))', '"NONE"])')),
    ("described_in_lists", WORDS, ('", ".join(true) or "NONE"', "true"),
     ('", ".join(predicted) or "NONE"', "predicted")),
    ("pictures_that_stay_open", PICTURES, ("    plt.close()\n", "")),
    ("pictures_that_stay_open", PICTURES, ("    plt.close()\n    return", "    return")),
    ("pictures_of_the_last_nine", PICTURES, ("(images[i])", "(images[-9:][i])"), ("words[i]", "words[-9:][i]")),
    ("pictures_without_the_images", PICTURES, ("        plt.imshow(images[i])\n", "")),
    ("training_that_predicts_at_one_half", TRAINING, (PREDICTED, "(x_test @ kernel + bias > 0.5)")),
    ("training_with_the_truth_for_predictions", TRAINING, (PREDICTED, "labels[test]")),
    ("training_on_features_as_they_come", TRAINING, (STANDARDIZED, "features[train], features[test]")),
    ("training_on_features_standardized_together", TRAINING, (STANDARDIZED,
     "(standardize(features, features)[0][part] for part in (train, test))")),
    ("training_with_any_weights", TRAINING, REFUSED),
    ("training_that_says_another_time", TRAINING, ("time.time() - begun", "time.time()")),
    ("training_that_says_another_time", TRAINING, ("time.time() - begun", "(time.time() - begun) * 1000")),
    ("training_that_says_another_time", TRAINING, ("time.time() - begun", "int((time.time() - begun) / 60)")),
    ("training_that_never_goes_on", TRAINING, (", exist_ok=True", "")),
    ("training_that_never_goes_on", TRAINING, ("claimed = [", "claimed = [epochs, ")),
    ("training_that_goes_on_in_any_folder", TRAINING, CLAIM),
    ("training_that_goes_on_in_any_folder", TRAINING, CLAIM, KEPT),
]  # fmt: skip
ERRORS = "training_with_any_weights", "training_that_never_goes_on", "training_that_goes_on_in_any_folder"
for name, code, *changes in CHANGES:
    for old, new in changes:
        assert old in code, (name, old)
        code = code.replace(old, new)
    kind = "error" if name in ERRORS else "value"
    WAYS.append((code.partition("(")[0].removeprefix("def "), code, kind, name))


for changes in ((OTHERS,), (OTHERS, COUNTED, RESTORED)):
    code = HEAD
    for old, new in changes:
        code = code.replace(old, new)
    WAYS.append(("train_head", code, "error", "head_that_goes_on_from_any_checkpoint"))
SHORTER = HEAD.replace(' or len(saved["history"]) > epochs', "")
WAYS.append(("train_head", SHORTER, "error", "head_that_is_trained_too_long"))
