"""The images: a generated stand-in that works offline (`scenes`) and the real ones (`real`).

Both are folders of the same layout, see `layout`. Nothing here imports TensorFlow before an image is written or read.
"""
