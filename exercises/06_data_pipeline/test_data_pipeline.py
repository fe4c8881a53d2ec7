"""What your data pipeline must do. Run it with: pytest exercises/06_data_pipeline

TensorFlow is imported where a picture is made, so that collecting these checks costs nothing.
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, Batches, File, Folder, Paths, Pipeline, Tensor, check, check_raises

CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
HEADER = "Filenames,desert,mountains,sea,sunset,trees"
STAGES = {
    "batches": 3,
    "calls Python": False,
    "decodes in parallel": True,
    "keeps the order": True,
    "cached": True,
    "prefetched": True,
    "prefetch is last": True,
}


def jpeg(pixels, quality=95):
    """A picture as the bytes of a JPEG file: pixels are uint8, (height, width, 3), or 1 for a grey picture."""
    import tensorflow as tf

    return tf.io.encode_jpeg(np.asarray(pixels, np.uint8), quality=quality).numpy()


def plain(*colour, height=8, width=8):
    """A picture of one colour."""
    return jpeg(np.broadcast_to(np.uint8(colour), (height, width, len(colour))))


def noise(rng, height, width):
    """A picture without two equal pixels side by side."""
    return jpeg(rng.integers(0, 256, (height, width, 3)))


def with_note(whole, marker, note):
    """A JPEG file with a note of some program before its picture; marker is its second byte, E0 to EF."""
    return whole[:2] + b"\xff" + bytes([marker]) + (len(note) + 2).to_bytes(2, "big") + note + whole[2:]


def folder(table, images=(), end="\n", encoding="utf-8"):
    """A folder with a table and with images, of which only the names matter."""
    files = {f"images/{name}": b"" for name in images}
    return Folder(files | {"miml_labels_1.csv": end.join([*table, ""]).encode(encoding)})


@pytest.mark.function("read_table")
class TestReadTable:
    def test_names_in_the_order_of_the_table_and_multi_hot_labels(self, answer):
        given = folder(
            [HEADER, "10.jpg,1,0,0,0,0", "9.jpg,0,0,1,1,0", "2.jpg,0,0,0,0,0"], ["10.jpg", "2.jpg", "9.jpg"]
        )
        labels = np.float32([[1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 0]])
        check(answer.read_table(given, CLASSES), (["10.jpg", "9.jpg", "2.jpg"], labels), source="the contract")

    def test_columns_are_found_by_their_names(self, answer):
        given = folder(["trees,sea,author,Filenames,desert", "1,0,7,a.jpg,0", "0,1,7,b.jpg,1"], ["a.jpg", "b.jpg"])
        expected = (["a.jpg", "b.jpg"], np.float32([[0, 0, 1], [1, 1, 0]]))
        check(answer.read_table(given, ["desert", "sea", "trees"]), expected, source="the contract")

    def test_a_table_as_spreadsheets_save_it(self, answer):
        expected = ["1.jpg", "2.jpg"], np.float32([[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]])
        rows, images = ["1.jpg,0,1,0,0,0", "2.jpg,0,0,0,0,1"], ["1.jpg", "2.jpg"]
        # With the byte order mark of Excel, with the line ends of Windows, and with an empty line in it.
        for given in (
            folder([HEADER, *rows], images, encoding="utf-8-sig"),
            folder([HEADER, *rows], images, end="\r\n"),
            folder([HEADER, rows[0], "", rows[1], ""], images),
        ):
            check(answer.read_table(given, CLASSES), expected, source="the contract")

    def test_quotes_around_values_are_no_part_of_them(self, answer):
        header = '"Filenames","seen by",desert,mountains,sea,sunset,trees'
        given = folder([header, '"1.jpg","Doe, Jane",0,1,"0",0,0', '"a, b.jpg",,0,0,0,0,"1"'], ["1.jpg", "a, b.jpg"])
        expected = ["1.jpg", "a, b.jpg"], np.float32([[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]])
        check(answer.read_table(given, CLASSES), expected, source="the contract")

    def test_random_tables_as_the_solution_reads_them(self, answer, reference, rng):
        for n_images in (1, 7, 40):
            names = [f"{number}.jpg" for number in rng.choice(5000, n_images, replace=False)]
            columns = list(rng.permutation(["Filenames", "author", *CLASSES]))
            rows = rng.integers(0, 2, (n_images, len(columns))).astype(str)
            rows[:, columns.index("Filenames")] = names
            given = folder([",".join(columns), *map(",".join, rows.tolist())], sorted(names))
            classes = rng.permutation(CLASSES).tolist()
            check(answer.read_table(given, classes), reference.read_table(given, classes), source=SOLUTION)

    def test_hidden_and_other_files_do_not_matter(self, answer):
        for others in ([".DS_Store", "notes.txt", "scan.jpeg"], ["._1.jpg", "._1.JPG"]):
            given = folder([HEADER, "1.jpg,0,1,0,0,0"], ["1.jpg", *others])
            check(
                answer.read_table(given, CLASSES), (["1.jpg"], np.float32([[0, 1, 0, 0, 0]])), source="the contract"
            )

    def test_a_value_other_than_0_and_1_is_a_value_error_that_names_the_image(self, answer):
        for value in ("2", "", "-1", "1.0"):
            given = folder([HEADER, "1.jpg,0,1,0,0,0", f"27.jpg,0,0,{value},0,0"], ["1.jpg", "27.jpg"])
            check_raises(answer.read_table(given, CLASSES), ValueError, "27.jpg", innocent="1.jpg")

    def test_a_missing_column_is_a_value_error_that_names_it(self, answer):
        given = folder(["Filenames,desert,mountains,sunset,trees", "1.jpg,0,1,0,0"], ["1.jpg"])
        check_raises(answer.read_table(given, CLASSES), ValueError, "sea")
        given = folder(["names,desert,mountains,sea,sunset,trees", "1.jpg,0,1,0,0,0"], ["1.jpg"])
        check_raises(answer.read_table(given, CLASSES), ValueError, "Filenames")

    def test_semicolons_are_no_commas(self, answer):
        given = folder([HEADER.replace(",", ";"), "1.jpg;0;1;0;0;0"], ["1.jpg"])
        check_raises(answer.read_table(given, CLASSES), ValueError, "Filenames")

    def test_a_column_that_is_there_twice_is_a_value_error_that_names_it(self, answer):
        given = folder([f"{HEADER},sea", "1.jpg,0,1,0,0,0,1"], ["1.jpg"])
        check_raises(answer.read_table(given, CLASSES), ValueError, "sea")

    def test_a_row_that_is_too_long_or_too_short_is_a_value_error_that_names_the_image(self, answer):
        rows = ["27.jpg,0,0,1,0,0,by Ann,1", "27.jpg,0,0,1,0,0", "27.jpg,0,0,1", "27.jpg"]
        for row in rows:
            given = folder([f"{HEADER},author", "1.jpg,0,1,0,0,0,", row], ["1.jpg", "27.jpg"])
            check_raises(answer.read_table(given, CLASSES), ValueError, "27.jpg", innocent="1.jpg")

    def test_a_name_that_stands_twice_is_a_value_error_that_names_it(self, answer):
        given = folder([HEADER, "1.jpg,0,1,0,0,0", "2.jpg,0,1,0,0,0", "1.jpg,0,1,0,0,0"], ["1.jpg", "2.jpg"])
        check_raises(answer.read_table(given, CLASSES), ValueError, "1.jpg")

    def test_an_image_of_the_table_that_is_not_there_is_a_file_not_found_error_that_names_it(self, answer):
        given = folder([HEADER, "1.jpg,0,1,0,0,0", "31.jpg,0,1,0,0,0"], ["1.jpg"])
        check_raises(answer.read_table(given, CLASSES), FileNotFoundError, "31.jpg")

    def test_an_image_without_labels_is_a_value_error_that_names_it(self, answer):
        for name in ("44.jpg", "44.JPG"):
            given = folder([HEADER, "1.jpg,0,1,0,0,0"], ["1.jpg", name])
            check_raises(answer.read_table(given, CLASSES), ValueError, name, innocent="1.jpg")

    def test_an_empty_folder_and_an_empty_table_are_errors(self, answer):
        check_raises(answer.read_table(Folder({}), CLASSES), FileNotFoundError, "miml_labels_1.csv")
        check_raises(answer.read_table(folder([HEADER]), CLASSES), ValueError)
        check_raises(answer.read_table(Folder({"miml_labels_1.csv": b""}), CLASSES), ValueError)


@pytest.mark.function("split_indices")
class TestSplitIndices:
    def test_ten_samples_in_the_order_of_numpys_permutation(self, answer):
        # numpy.random.default_rng(0).permutation(10)
        check(answer.split_indices(10), (np.array([4, 6, 2, 7, 3, 5, 9, 0]), np.array([8, 1])), source="the contract")
        # ... and of default_rng(1)
        expected = np.array([8, 4, 7, 0, 1, 2, 5, 9]), np.array([6, 3])
        check(answer.split_indices(10, seed=1), expected, source="the contract")
        check(answer.split_indices(10, 0.8, 1), expected, source="the contract")

    def test_the_same_again_for_the_same_seed(self, answer, reference):
        for seed in (3, 4, 3):
            check(answer.split_indices(50, seed=seed), reference.split_indices(50, seed=seed), source=SOLUTION)

    def test_any_number_of_samples_and_any_seed(self, answer, reference, rng):
        for _ in range(3):
            given = int(rng.integers(20, 3000)), round(float(rng.uniform(0.2, 0.9)), 2), int(rng.integers(1 << 30))
            check(answer.split_indices(*given), reference.split_indices(*given), source=SOLUTION)

    def test_2000_images_make_1600_and_400(self, answer, reference):
        check(answer.split_indices(2000), reference.split_indices(2000), source=SOLUTION)

    def test_the_share_can_be_chosen_and_is_rounded(self, answer, reference):
        # 100 * 0.29 is 28.999999999999996 in floating point; the right number is 29 samples, not 28.
        for n_samples, share in ((100, 0.29), (5, 0.5), (7, 0.5), (10, 0.01), (3, 0.9), (1, 0.8)):
            expected = reference.split_indices(n_samples, share)
            check(answer.split_indices(n_samples, train_share=share), expected, source=SOLUTION)

    def test_a_share_that_leaves_a_part_empty_by_definition_is_a_value_error(self, answer):
        for share in (0, 1, 1.5, -0.2, 80):
            check_raises(answer.split_indices(10, share), ValueError)


@pytest.mark.function("load_image")
class TestLoadImage:
    def test_a_picture_of_one_colour(self, answer):
        # JPEG keeps a plain colour to one level of 255.
        expected = np.broadcast_to(np.float32([200, 100, 50]) / 255, (64, 64, 3)).astype(np.float32)
        call = answer.seen_as(Tensor()).load_image(File("1.jpg", plain(200, 100, 50)))
        check(call, expected, rtol=0, atol=0.009, source="the contract")

    def test_pictures_in_any_shape_as_tensorflow_resizes_them(self, answer, reference, rng):
        for height, width, size in ((64, 64, 64), (96, 40, 64), (256, 384, 64), (20, 30, 64), (50, 50, 32)):
            given = File("7.jpg", noise(rng, height, width))
            expected = reference.seen_as(Tensor()).load_image(given, size=size)
            check(answer.seen_as(Tensor()).load_image(given, size=size), expected, atol=1e-6, source=SOLUTION)

    def test_a_grey_picture_gets_three_equal_channels(self, answer):
        expected = np.full((64, 64, 3), 120 / 255, np.float32)
        call = answer.seen_as(Tensor()).load_image(File("grey.jpg", plain(120)))
        check(call, expected, rtol=0, atol=0.005, source="the contract")

    def test_one_pixel_is_a_picture(self, answer):
        call = answer.seen_as(Tensor()).load_image(File("dot.jpg", plain(255, 255, 255, height=1, width=1)), size=2)
        check(call, np.ones((2, 2, 3), np.float32), rtol=0, atol=0.005, source="the contract")

    def test_a_picture_with_the_notes_of_a_camera_is_taken_as_it_is_stored(self, answer, reference, rng):
        # "Turn me by 90 degrees", as Exif says it, in the place of the note that other programs begin with.
        turned = b"Exif\0\0MM\0*\0\0\0\x08" + b"\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + b"\0\0\0\0"
        given = File("camera.jpg", with_note(noise(rng, 20, 30), 0xE1, turned))
        expected = reference.seen_as(Tensor()).load_image(given)
        check(answer.seen_as(Tensor()).load_image(given), expected, atol=1e-6, source=SOLUTION)

    def test_a_file_that_is_no_whole_jpeg_is_an_error_that_names_it(self, answer, rng):
        import tensorflow as tf

        whole, png = noise(rng, 20, 20), tf.io.encode_png(np.zeros((4, 4, 3), np.uint8)).numpy()
        broken = whole[:-2], whole[: len(whole) // 2], b"", b"a", b"this is no picture at all", None
        ends = b"only the end is right\xff\xd9", b"\xff\xd8both ends, nearly\xff\xd9", png + b"\xff\xd9"
        # Notes may hold a small picture, with its own end.
        with_end_inside = with_note(whole, 0xE1, plain(0, 0, 0))[:-2]
        for content in (*broken, *ends, png, with_end_inside, whole + b"\0" * 16):
            check_raises(
                answer.seen_as(Tensor()).load_image(File("image-83.jpg", content)), Exception, "image-83.jpg"
            )


@pytest.mark.function("make_batches")
class TestMakeBatches:
    def test_every_image_keeps_its_own_labels(self, answer, reference, rng):
        # Nine pictures, each of another grey, and with its own number as label.
        names = [f"images/{number}.jpg" for number in range(9)]
        given = Paths({name: plain(25 * place + 20) for place, name in enumerate(names)}, tuple(names[::-1]))
        labels = np.float32([[number, 10 * number] for number in range(9)])
        greys = (25 * np.arange(9)[::-1] + 20) / 255
        images = np.broadcast_to(greys[:, None, None, None], (9, 64, 64, 3)).astype(np.float32)
        call = answer.seen_as(Batches()).make_batches(given, labels, batch_size=4)
        check(call, (images, labels, [4, 4, 1]), rtol=0, atol=0.005, source="the contract")

    def test_images_as_the_solution_loads_them(self, answer, reference, rng):
        names = tuple(f"{number}.jpg" for number in rng.permutation(40))
        given = Paths({name: noise(rng, *rng.integers(16, 80, 2)) for name in names}, names)
        labels = rng.integers(0, 2, (40, 5)).astype(np.float32)
        for size, batch_size in ((64, 16), (32, 40)):
            expected = reference.seen_as(Batches()).make_batches(given, labels, size, batch_size)
            call = answer.seen_as(Batches()).make_batches(given, labels, size=size, batch_size=batch_size)
            check(call, expected, atol=1e-6, source=SOLUTION)

    def test_1600_images_are_25_batches_of_64_and_400_are_7(self, answer):
        for n_samples, batches in ((1600, 25), (400, 7)):
            given = Paths({"1.jpg": plain(0, 0, 0)}, ("1.jpg",) * n_samples)
            sizes = [64] * (n_samples // 64) + [n_samples % 64] * (n_samples % 64 > 0)
            assert len(sizes) == batches
            images, labels = np.zeros((n_samples, 8, 8, 3), np.float32), np.ones((n_samples, 5), np.float32)
            call = answer.seen_as(Batches()).make_batches(given, labels, size=8)
            check(call, (images, labels, sizes), rtol=0, atol=0.005, source="the contract")

    def test_it_is_a_graph_that_decodes_in_parallel_is_cached_and_prefetched(self, answer):
        given = Paths({"1.jpg": plain(0, 0, 0)}, ("1.jpg",) * 10)
        call = answer.seen_as(Pipeline()).make_batches(given, np.ones((10, 5), np.float32), batch_size=4)
        check(call, STAGES, source="the contract")

    def test_files_are_read_by_the_graph_when_it_is_iterated(self, answer, reference, rng):
        # Between the call and the iteration the files are replaced, by pictures that nothing else could know.
        names = tuple(f"{number}.jpg" for number in rng.permutation(20))
        before, after = ({name: noise(rng, *rng.integers(16, 40, 2)) for name in names} for _ in range(2))
        labels = rng.integers(0, 2, (20, 5)).astype(np.float32)
        expected = reference.seen_as(Batches()).make_batches(Paths(after, names), labels, 16, 8)
        view = Batches(passes=2, files_removed=True, files=after, stages=True)
        call = answer.seen_as(view).make_batches(Paths(before, names), labels, 16, 8)
        check(call, (*expected, STAGES), atol=1e-6, source=SOLUTION)

    def test_the_second_pass_does_not_read_the_files_again_and_is_the_same(self, answer, reference, rng):
        names = tuple(f"{number}.jpg" for number in range(10))
        given = Paths({name: noise(rng, 16, 16) for name in names}, names)
        labels = rng.integers(0, 2, (10, 5)).astype(np.float32)
        expected = reference.seen_as(Batches()).make_batches(given, labels, 16, 4)
        call = answer.seen_as(Batches(passes=2, files_removed=True)).make_batches(given, labels, 16, 4)
        check(call, expected, atol=1e-6, source=SOLUTION)

    def test_a_broken_image_is_an_error_that_names_it(self, answer, rng):
        whole = noise(rng, 16, 16)
        # Ten times: if decoding does not wait for the check, either may run first, mostly the decoder.
        for broken in (whole[:-20], b"", *[b"no picture"] * 10):
            given = Paths({"1.jpg": whole, "image-83.jpg": broken}, ("1.jpg", "image-83.jpg"))
            call = answer.seen_as(Batches()).make_batches(given, np.ones((2, 5), np.float32))
            check_raises(call, Exception, "image-83.jpg")
        given = Paths({"1.jpg": whole}, ("1.jpg", "image-84.jpg"))
        call = answer.seen_as(Batches()).make_batches(given, np.ones((2, 5), np.float32))
        check_raises(call, Exception, "image-84.jpg")

    def test_not_as_many_labels_as_images_is_a_value_error(self, answer):
        given = Paths({"1.jpg": plain(0, 0, 0)}, ("1.jpg",) * 3)
        for n_labels in (2, 4):
            call = answer.seen_as(Batches()).make_batches(given, np.ones((n_labels, 5), np.float32))
            check_raises(call, ValueError)
