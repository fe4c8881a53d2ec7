"""Mistakes in the words that people usually write them in, each with the misconception that is behind it."""

import inspect

import keras
import numpy as np
import tensorflow as tf


def kept():
    """Return a list, and the decorator `way(misconception, kind)` that keeps there what is written below it.

    What is kept: (function, its code, kind of the check that fails, misconception; None: nobody knows this mistake).
    """
    ways = []

    def way(misconception, kind="value"):
        def keep(function):
            ways.append((function.__name__, inspect.getsource(function).partition("\n")[2], kind, misconception))
            return function

        return keep

    return ways, way


WAYS, way = kept()


@way("image_with_colours_up_to_255")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size])
    return image


@way("image_with_colours_up_to_255")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, (size, size))
    image = tf.cast(image, tf.float32)
    return image


@way("image_divided_by_256")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size]) / 256.0
    return image


@way("image_scaled_to_minus_one")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(tf.cast(image, tf.float32) / 127.5 - 1, [size, size])
    return image


@way("image_scaled_to_minus_one")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size]) / 127.5 - 1.0
    return image


@way("image_scaled_to_minus_one")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = keras.applications.mobilenet_v2.preprocess_input(tf.image.resize(image, [size, size]))
    return image


@way("image_scaled_twice")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(tf.image.convert_image_dtype(image, tf.float32), [size, size]) / 255.0
    return image


@way("image_scaled_twice")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.convert_image_dtype(image, tf.float32) / 255.0
    image = tf.image.resize(image, (size, size))
    return image


@way("image_with_whole_levels")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.cast(tf.image.resize(image, [size, size]), tf.uint8)
    image = tf.cast(image, tf.float32) / 255
    return image


@way("image_resized_to_the_nearest_pixel")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size], method=tf.image.ResizeMethod.NEAREST_NEIGHBOR)
    image = tf.cast(image, tf.float32) / 255
    return image


@way("image_resized_with_antialias")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size], antialias=True) / 255
    return image


@way("image_resized_bicubically")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size], "bicubic") / 255
    return image


@way("image_resized_bicubically")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.clip_by_value(tf.image.resize(image, [size, size], "bicubic") / 255, 0, 1)
    return image


@way("image_cropped")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize_with_crop_or_pad(image, size, size)
    image = tf.cast(image, tf.float32) / 255
    return image


@way("image_cropped")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.central_crop(image, 0.5)
    image = tf.image.resize(image, [size, size]) / 255
    return image


@way("image_with_bars")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize_with_pad(image, size, size) / 255
    return image


@way("image_of_64_pixels_always")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [64, 64]) / 255
    return image


@way("image_in_bgr")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.reverse(tf.image.resize(image, [size, size]) / 255, axis=[-1])
    return image


@way("image_whose_error_names_no_file", "error")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [size, size]) / 255
    return image


@way("image_with_as_many_channels_as_the_file")
def load_image(path, size=64):
    image = tf.image.decode_jpeg(tf.io.read_file(path))
    return tf.image.resize(image, [size, size]) / 255.0


@way("image_with_as_many_channels_as_the_file")
def load_image(path, size=64):
    image = tf.io.decode_image(tf.io.read_file(path), expand_animations=False)
    return tf.image.resize(image, [size, size]) / 255.0


@way("image_in_grey")
def load_image(path, size=64):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=1)
    return tf.image.resize(image, [size, size]) / 255.0


@way("standardized_each_by_itself")
def standardize(train, test):
    return (train - train.mean(axis=0)) / train.std(axis=0), (test - test.mean(axis=0)) / test.std(axis=0)


@way("standardized_each_by_itself")
def standardize(train, test):
    scale = lambda x: ((x - x.mean(0)) / np.where(x.std(0) == 0, 1, x.std(0))).astype("float32")
    return scale(train), scale(test)


@way("standardized_with_division_by_zero")
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


@way("standardized_with_an_epsilon")
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (std + 1e-7), (test - mean) / (std + 1e-7)


@way("standardized_with_an_epsilon")
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (std + 1e-8), (test - mean) / (std + 1e-8)


@way("standardized_as_one")
def standardize(train, test):
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (test - mean) / std


@way("standardized_by_both_parts")
def standardize(train, test):
    both = np.concatenate([train, test])
    mean, std = both.mean(axis=0), both.std(axis=0)
    return (train - mean) / std, (test - mean) / std


@way("standardized_by_both_parts")
def standardize(train, test):
    both = np.concatenate([train, test])
    mean, std = both.mean(axis=0), both.std(axis=0)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


@way("standardized_to_the_range")
def standardize(train, test):
    low, high = train.min(axis=0), train.max(axis=0)
    return (train - low) / (high - low), (test - low) / (high - low)


@way("standardized_along_the_sample")
def standardize(train, test):
    mean, std = train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True)
    return (train - mean) / std, (test - test.mean(axis=1, keepdims=True)) / test.std(axis=1, keepdims=True)


@way("standardized_by_the_variance")
def standardize(train, test):
    mean, var = train.mean(axis=0), train.var(axis=0)
    var[var == 0] = 1
    return (train - mean) / var, (test - mean) / var


@way("standardized_training_alone")
def standardize(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std == 0] = 1
    return (train - mean) / std, test


@way("standardized_in_float64")
def standardize(train, test):
    mean, std = train.astype(np.float64).mean(axis=0), train.astype(np.float64).std(axis=0)
    std[train.max(0) == train.min(0)] = 1
    return (train - mean) / std, (test - mean) / std


@way("split_in_the_order_of_the_files")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    n = int(n_samples * train_share)
    return np.arange(n), np.arange(n, n_samples)


@way("split_in_the_order_of_the_files")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    n = round(n_samples * train_share)
    order = np.arange(n_samples)
    return order[:n], order[n:]


@way("split_with_the_legacy_generator")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    rng = np.random.RandomState(seed)
    order = rng.permutation(n_samples)
    n = round(n_samples * train_share)
    return order[:n], order[n:]


@way("split_with_the_legacy_generator")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    np.random.seed(seed)
    order = np.random.permutation(n_samples)
    n = int(n_samples * train_share)
    return order[:n], order[n:]


@way("split_that_takes_the_test_part_first")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng(seed).permutation(n_samples)
    n = round(n_samples * (1 - train_share))
    return order[n:], order[:n]


@way("split_with_sorted_parts")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng(seed).permutation(n_samples)
    n = round(n_samples * train_share)
    return np.sort(order[:n]), np.sort(order[n:])


@way("split_into_lists")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng(seed).permutation(n_samples)
    n = round(n_samples * train_share)
    return order[:n].tolist(), order[n:].tolist()


@way("split_always_with_seed_0")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng(0).permutation(n_samples)
    n = round(n_samples * train_share)
    return order[:n], order[n:]


@way("split_with_a_count_that_is_rounded_up")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng(seed).permutation(n_samples)
    n = int(np.ceil(n_samples * train_share))
    return order[:n], order[n:]


@way("EACH_TIME_ANEW")
def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order = np.random.default_rng().permutation(n_samples)
    n = round(n_samples * train_share)
    return order[:n], order[n:]
