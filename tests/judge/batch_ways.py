"""Mistakes of exercise 06's `make_batches`: a right one, with what people put in the place of its parts."""

WAYS = []  # as in ways.py

BATCHES = """def make_batches(paths, labels, size=64, batch_size=64):
    if len(paths) != len(labels):
        raise ValueError("paths and labels")

    def load(path, label):
        return load_image(path, size), label

    slices = tf.data.Dataset.from_tensor_slices
    dataset = slices((paths, labels))
    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(batch_size)
    dataset = dataset.cache()
    dataset = dataset.prefetch(tf.data.AUTOTUNE)
    return dataset
"""
PARALLEL = ", num_parallel_calls=tf.data.AUTOTUNE", ""
CACHE, BATCH = ("    dataset = dataset.cache()\n", ""), "dataset.batch(batch_size)"
PREFETCH = "    dataset = dataset.prefetch(tf.data.AUTOTUNE)\n", ""
SHORT = PARALLEL, CACHE, PREFETCH
PAIRS, LOAD = "slices((paths, labels))", "load_image(path, size), label"
MAP = "    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE)\n"
# What stands in the place of the pairs that are mapped.
AT_ONCE = "    images = {}\n    dataset = slices((images, labels))\n"
GENERATED = """    def generate():
        for path, label in zip(paths, labels):
            yield load_image(path, size).numpy(), label

    types, shapes = (tf.float32, tf.float32), ((size, size, 3), labels.shape[1:])
    dataset = tf.data.Dataset.from_generator(generate, output_types=types, output_shapes=shapes)
"""
IN_BATCHES = """    def generate():
        for start in range(0, len(paths), batch_size):
            images = tf.stack([load_image(path, size) for path in paths[start : start + batch_size]])
            yield images, labels[start : start + batch_size]

    signature = tf.TensorSpec((None, size, size, 3), tf.float32), tf.TensorSpec((None, labels.shape[1]), tf.float32)
    dataset = tf.data.Dataset.from_generator(generate, output_signature=signature)
"""
SOURCE = f"    dataset = {PAIRS}\n{MAP}"
LISTED = "tf.data.Dataset.zip(tf.data.Dataset.list_files(paths, shuffle=False), slices(labels))"
ONE_BY_ONE = "tf.py_function(lambda path: load_image(path, size), [path], tf.float32), label"
BOTH = "tf.py_function(lambda *pair: (load_image(pair[0], size), pair[1]), [path, label], [tf.float32, tf.float32])"
BY_NUMPY = "tf.numpy_function(lambda path: load_image(path.decode(), size).numpy(), [path], tf.float32), label"
DECODED = "tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), 3), [size, size]) / 255, label"
UNCHECKED = '    if len(paths) != len(labels):\n        raise ValueError("paths and labels")\n\n', ""
ZIPPED = (
    "tf.data.Dataset.zip((tf.data.Dataset.from_tensor_slices(paths), tf.data.Dataset.from_tensor_slices(labels)))"
)
# (misconception, pairs of what stands in it and what stands there instead)
CHANGES = [
    ("batches_of_full_size_only", *SHORT, (BATCH, "dataset.batch(batch_size, drop_remainder=True)")),
    ("batches_of_full_size_only", (BATCH, f"{BATCH}.take(len(paths) // batch_size)")),
    ("batches_that_are_read_again", *SHORT),
    ("batches_that_are_read_again", CACHE, PREFETCH),
    ("batches_that_are_read_again", PARALLEL, CACHE, ("tf.data.AUTOTUNE", "1")),
    ("batches_of_which_the_paths_are_cached", *SHORT, (PAIRS, f"{PAIRS}.cache()")),
    ("batches_of_which_the_paths_are_cached", CACHE, PREFETCH, (PAIRS, f"{PAIRS}.cache()")),
    ("batches_by_py_function", *SHORT, (LOAD, ONE_BY_ONE)),
    ("batches_by_py_function", PARALLEL, CACHE, (LOAD, BOTH)),
    ("batches_by_py_function", (LOAD, BY_NUMPY)),
    ("batches_of_a_generator", (SOURCE, GENERATED), CACHE, PREFETCH),
    ("batches_of_a_generator", (SOURCE, IN_BATCHES), (BATCH, "dataset")),
    ("batches_decoded_at_once", (SOURCE, AT_ONCE.format("tf.stack([load_image(path, size) for path in paths])"))),
    ("batches_decoded_at_once", (SOURCE, AT_ONCE.format("np.array([load_image(path, size) for path in paths])")),
     CACHE, PREFETCH),
    ("batches_decoded_one_by_one", PARALLEL, PREFETCH),
    ("batches_without_prefetch", PREFETCH, CACHE, (BATCH, "dataset.cache().batch(batch_size)")),
    ("batches_prefetched_too_early", PREFETCH, CACHE, 
     (BATCH, "dataset.cache().prefetch(tf.data.AUTOTUNE).batch(batch_size)")),
    ("batches_of_one", *SHORT, (BATCH, "dataset")),
    ("batches_in_reverse", (PAIRS, LISTED)),
    ("batches_in_reverse", *SHORT, (PAIRS, PAIRS.replace("paths", "sorted(paths)"))),
    ("batches_with_integer_labels", *SHORT, (LOAD, "load_image(path, size), tf.cast(label, tf.int32)")),
    ("batches_with_integer_labels", (PAIRS, PAIRS.replace("labels", "labels.astype(int)"))),
    ("batches_without_labels", *SHORT, (LOAD, "load_image(path, size)")),
    ("batches_without_labels", (LOAD, "load_image(path, size)"), CACHE, PREFETCH),
    ("batches_of_64_pixels", *SHORT, (LOAD, "load_image(path), label")),
    ("batches_of_64_images", CACHE, (BATCH, "dataset.batch(64)")),
    ("batches_that_drop_broken_images", (BATCH, "dataset.ignore_errors().batch(batch_size)")),
    ("batches_that_drop_broken_images", *SHORT, (BATCH, f"{BATCH}.apply(tf.data.experimental.ignore_errors())")),
    ("batches_as_many_as_there_are_of_both", UNCHECKED, (PAIRS, ZIPPED)),
    ("batches_as_many_as_there_are_of_both", *SHORT, UNCHECKED,
     (PAIRS, "slices(tuple(map(list, zip(*zip(paths, labels)))))")),
    ("batches_whose_error_names_no_file", (LOAD, DECODED)),
    ("batches_whose_error_names_no_file", *SHORT, UNCHECKED, (LOAD, DECODED)),
]  # fmt: skip
FAILING = "broken", "both", "error"
for name, *changes in CHANGES:
    code = BATCHES
    for old, new in changes:
        assert old in code, (name, old)
        code = code.replace(old, new)
    WAYS.append(("make_batches", code, "error" if any(word in name for word in FAILING) else "value", name))
    if "broken" in name:
        WAYS.append(("make_batches", code, "value", name))  # nobody knows how many batches there are
