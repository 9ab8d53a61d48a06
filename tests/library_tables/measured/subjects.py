"""Values that the functions and methods of packages are called with."""

import importlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

# Any: the packages are looked up when this runs, in an environment that has them.


class Subject(NamedTuple):
    """A package: the modules and the objects whose methods are called, and the arguments to try."""

    modules: tuple[str, ...]
    receivers: Mapping[str, list[Any]]
    arguments: Mapping[str, list[Any]]


def numpy_subject() -> Subject:
    """Return arrays of several types and dimensions, and the scalars and generators of NumPy."""
    numpy = importlib.import_module("numpy")
    base = numpy.array([[1, 2, 3], [4, 5, 7], [9, 8, 3]])
    square = [base.astype(dtype) for dtype in ("float64", "float32", "int64", "uint8")]
    arrays = [array for matrix in (*square, base > 4) for array in (matrix, matrix[0])]
    receivers = {
        "numpy.ndarray": arrays,
        "numpy.random.Generator": [numpy.random.default_rng(1)],
        "numpy.random.RandomState": [numpy.random.RandomState(1)],
        **{
            f"numpy.{name}": [getattr(numpy, name)(1)]
            for name in ("float64", "float32", "float16", "int64", "int32", "uint8")
        },
        "numpy.bool": [numpy.bool_(1)],
        "numpy.dtype": [numpy.dtype("int64"), numpy.dtype("float32")],
        "numpy.datetime64": [numpy.datetime64("2024-01-02")],
    }
    arguments = {
        **PLAIN,
        "builtins.tuple": [(2, 2), (0, 1), (slice(None), 0), (Ellipsis, slice(1))],
        "numpy.ndarray": arrays,
        "numpy.float64": [numpy.float64(1)],
    }
    return Subject(("numpy", "numpy.linalg", "numpy.random", "numpy.fft"), receivers, arguments)


def pandas_subject() -> Subject:
    """Return frames, series and indexes with columns of several types."""
    pandas = importlib.import_module("pandas")
    numpy = importlib.import_module("numpy")
    dates = pandas.to_datetime(["2024-01-02", "2024-01-03", "2024-01-04"])
    columns = {
        "a": [1, 2, 3],
        "b": [1.5, 2.5, 3.5],
        "c": ["x", "y", "z"],
        "d": dates,
        "e": [True, False, True],
    }
    frame = pandas.DataFrame(columns)
    numbers = frame[["a", "b"]]
    by_number = pandas.DataFrame([[1, 2], [3, 4]], columns=[3, 5])
    frames = [frame, numbers, frame[["c"]], numbers.set_index(frame["c"]), by_number]
    series = [*(frame[name] for name in columns), frames[3]["b"], pandas.Series([1.5, 2.5])]
    receivers = {
        "pandas.DataFrame": frames,
        "pandas.Series": series,
        "pandas.Index": [frame.columns, pandas.Index([1, 2, 5]), pandas.Index(["p", "q", "r"])],
        "pandas.DatetimeIndex": [dates],
        "pandas.Timestamp": [dates[0]],
        "pandas.Timedelta": [dates[1] - dates[0]],
    }
    arguments = {
        **PLAIN,
        "pandas.DataFrame": frames,
        "pandas.Series": series,
        "numpy.ndarray": [numpy.array([[1, 2], [3, 4]]), numpy.array([1.5, 2.5, 3.5])],
        "pandas.Timestamp": [dates[0]],
        "builtins.str": ["a", "b", "c", "d", "2024-01-02"],
        "builtins.dict": [{"a": [1, 2], "b": ["x", "y"]}, {"a": [1.5]}],
    }
    return Subject(("pandas",), receivers, arguments)


def pillow_subject() -> Subject:
    """Return images of several modes."""
    image = importlib.import_module("PIL.Image")
    images = [image.new(mode, (4, 3)) for mode in ("RGB", "L", "RGBA", "1")]
    path = Path("image.png").absolute()
    images[0].save(path)
    arguments = {
        **PLAIN,
        "PIL.Image.Image": images,
        "builtins.str": ["RGB", "L", str(path)],
        "pathlib.Path": [path],
        "_io.BytesIO": [io.BytesIO(path.read_bytes())],
        "builtins.tuple": [(2, 2), (0, 0, 2, 2)],
    }
    receivers = {"PIL.Image.Image": images, "PIL.ImageFile.ImageFile": [image.open(path)]}
    return Subject(("PIL.Image", "PIL.ImageOps"), receivers, arguments)


def torch_subject() -> Subject:
    """Return tensors of several types and dimensions."""
    torch = importlib.import_module("torch")
    matrix = torch.tensor([[1, 2], [3, 5]])
    tensors = [
        tensor for base in (matrix.float(), matrix, matrix > 2) for tensor in (base, base[0], base[0, 0])
    ]
    receivers = {"torch.Tensor": tensors, "torch.Size": [matrix.shape], "torch.device": [matrix.device]}
    return Subject(("torch", "torch.nn.functional"), receivers, {**PLAIN, "torch.Tensor": tensors})


def sklearn_subject() -> Subject:
    """Return fitted estimators, and data to predict from."""
    numpy = importlib.import_module("numpy")
    data = numpy.random.default_rng(1).normal(size=(30, 4))
    classes = (data[:, 0] > 0).astype(int)
    receivers = {}
    for name in ESTIMATORS:
        module, _, cls = name.rpartition(".")
        target = data[:, 1] if cls.endswith(("Regressor", "Regression", "Ridge", "Lasso", "SVR")) else classes
        target = classes if cls == "LogisticRegression" else target
        receivers[name] = [getattr(importlib.import_module(module), cls)().fit(data, target)]
    arguments = {"numpy.ndarray": [data[:5]], "builtins.list": [data[:5].tolist()]}
    return Subject((), receivers, arguments)


ESTIMATORS = (
    "sklearn.cluster.KMeans",
    "sklearn.decomposition.PCA",
    "sklearn.ensemble.GradientBoostingClassifier",
    "sklearn.ensemble.GradientBoostingRegressor",
    "sklearn.ensemble.IsolationForest",
    "sklearn.ensemble.RandomForestClassifier",
    "sklearn.ensemble.RandomForestRegressor",
    "sklearn.linear_model.Lasso",
    "sklearn.linear_model.LinearRegression",
    "sklearn.linear_model.LogisticRegression",
    "sklearn.linear_model.Ridge",
    "sklearn.naive_bayes.GaussianNB",
    "sklearn.neighbors.KNeighborsClassifier",
    "sklearn.neighbors.KNeighborsRegressor",
    "sklearn.preprocessing.MinMaxScaler",
    "sklearn.preprocessing.StandardScaler",
    "sklearn.svm.SVC",
    "sklearn.svm.SVR",
    "sklearn.tree.DecisionTreeClassifier",
    "sklearn.tree.DecisionTreeRegressor",
)
"""Estimators of scikit-learn that models use most."""
PLAIN: Mapping[str, list[Any]] = {
    "builtins.int": [1, 2, 0],
    "builtins.float": [0.5, 1.0],
    "builtins.str": ["a", "float64"],
    "builtins.list": [[1.5, 2.5], [[1, 2], [3, 4]], [0, 1]],
    "builtins.tuple": [(2, 2), (0, 1)],
    "builtins.slice": [slice(0, 2), slice(None, None, -1)],
    "builtins.bool": [True],
}
KEYWORDS: tuple[Mapping[str, Any], ...] = (
    {"axis": 0},
    {"axis": 1},
    {"axis": -1},
    {"dim": 0},
    {"keepdims": True},
    {"axis": 0, "keepdims": True},
    {"axis": 1, "keepdims": True},
    {"dtype": "float32"},
    {"dtype": float},
    {"orient": "records"},
    {"orient": "list"},
    {"index": False},
    {"inplace": True},
)
SUBJECTS = {
    "numpy": numpy_subject,
    "pandas": pandas_subject,
    "PIL": pillow_subject,
    "sklearn": sklearn_subject,
    "torch": torch_subject,
}
