"""Arrays that are written row by row, so that memory does not grow with them."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray


class GrowingArray:
    """A .npy file that rows are appended to; numpy leaves room in its header for the final number of rows."""

    def __init__(self, path: Path, dtype: DTypeLike, *row: int) -> None:
        self._dtype = np.dtype(dtype)
        self._row = row
        self.length = 0
        self._file: BinaryIO = path.open("wb")
        self._write_header()

    def append(self, rows: NDArray[np.generic]) -> None:
        self._file.write(np.ascontiguousarray(rows, self._dtype).tobytes())
        self.length += len(rows)

    def __enter__(self) -> "GrowingArray":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._file.seek(0)
            self._write_header()
        finally:
            self._file.close()

    def _write_header(self) -> None:
        np.lib.format.write_array_header_1_0(
            self._file,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.length, *self._row),
            },
        )
