"""The large products of a training, in Rasa's own environment, against the plain ones of NumPy."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path

from nlu.training import ensure_rasa_environment, rasa_variables

ROOT = Path(__file__).parents[2]
COMPARED = """
import numpy as np
from scipy.sparse import csr_matrix
from nlu.rasa.components import products

chance = np.random.default_rng(0)
a, b = (rows / np.linalg.norm(rows, axis=1, keepdims=True)
        for rows in (chance.normal(size=(n, 8)).astype(np.float32) for n in (40, 7)))
apart = ((a[:, None] - b[None]) ** 2).sum(axis=2)
assert np.allclose(products.gaussian(a, b, 0.7), np.exp(-0.7 * apart), atol=1e-5)
assert np.allclose(products.crossed(a, a[:, :3]), a.T @ a[:, :3], atol=1e-5)
sparse = csr_matrix(np.where(chance.random((30, 12)) < 0.2, 1.5, 0))
twice = csr_matrix((np.ones(3), [4, 1, 4], [0, 3]), shape=(1, 12))  # a place named twice, none in order
left_alone = twice.copy()
wide = products.widened(chance.normal(size=(12, 63)).astype(np.float32))
assert wide.shape == (12, 64) and not wide[:, 63].any()
for one in (sparse, twice):
    assert np.allclose(products.times(one)(wide), one @ wide, atol=1e-5)
assert (twice.indices == left_alone.indices).all()
print("compared")
"""


async def test_they_give_what_numpy_gives(tmp_path: Path) -> None:
    python = await ensure_rasa_environment(ROOT, lambda _line: None)
    process = await asyncio.create_subprocess_exec(
        python, "-c", COMPARED, cwd=ROOT, env=rasa_variables(ROOT, tmp_path), stdout=PIPE, stderr=PIPE)
    out, errors = await process.communicate()
    assert out == b"compared\n", errors[-2000:].decode()
