"""What calls of well-known functions and methods give, as types."""

SENDABLE_NAME = "typing.Any"
"""Of no known class, but something that JSON has."""

FUNCTIONS = {
    "asyncio.create_task": "asyncio.Future",
    "asyncio.ensure_future": "asyncio.Future",
    "asyncio.gather": "asyncio.Future",
    "asyncio.run_coroutine_threadsafe": "concurrent.futures.Future",
    "asyncio.to_thread": "types.CoroutineType",
    "asyncio.wait_for": "types.CoroutineType",
    "base64.b64decode": "builtins.bytes",
    "base64.b64encode": "builtins.bytes",
    "base64.urlsafe_b64encode": "builtins.bytes",
    "builtins.len": "builtins.int",
    "builtins.repr": "builtins.str",
    "builtins.sorted": "builtins.list",
    "builtins.vars": "builtins.dict",
    "dataclasses.asdict": "builtins.dict",
    "dataclasses.astuple": "builtins.tuple",
    "datetime.date.today": "datetime.date",
    "datetime.datetime.fromtimestamp": "datetime.datetime",
    "datetime.datetime.now": "datetime.datetime",
    "datetime.datetime.today": "datetime.datetime",
    "datetime.datetime.utcnow": "datetime.datetime",
    "fastapi.encoders.jsonable_encoder": SENDABLE_NAME,
    "json.dumps": "builtins.str",
    "json.loads": SENDABLE_NAME,
    "os.urandom": "builtins.bytes",
    "pathlib.Path.cwd": "pathlib.Path",
    "pathlib.Path.home": "pathlib.Path",
    "pickle.dumps": "builtins.bytes",
    "pydantic_core.to_jsonable_python": SENDABLE_NAME,
    "re.compile": "re.Pattern",
    "struct.pack": "builtins.bytes",
    "time.perf_counter": "builtins.float",
    "time.time": "builtins.float",
    "uuid.uuid1": "uuid.UUID",
    "uuid.uuid4": "uuid.UUID",
}
FUNCTIONS |= {f"PIL.Image.{name}": "PIL.Image.Image" for name in ("fromarray", "new", "open")}
FUNCTIONS |= {
    f"torch.{name}": "torch.Tensor"
    for name in ("cat", "from_numpy", "ones", "rand", "randn", "stack", "tensor", "zeros")
}

CONVERTING_METHODS = frozenset(
    {
        "as_dict",
        "as_json",
        "asdict",
        "decode",
        "dict",
        "hex",
        "isoformat",
        "item",
        "json",
        "model_dump",
        "model_dump_json",
        "to_dict",
        "to_json",
        "to_list",
        "tolist",
    }
)
"""Methods that are called, on whatever object, to make something JSON can hold."""

PYDANTIC_CONSTRUCTORS = frozenset({"model_construct", "model_validate", "model_validate_json", "parse_obj"})
"""Class methods that make an instance of a Pydantic model."""

ARRAY_METHODS = {"numpy": "numpy.ndarray", "tobytes": "builtins.bytes"}
"""Methods that arrays and tensors of all libraries have."""

_PATH_TO_PATH = ("absolute", "expanduser", "joinpath", "resolve", "with_name", "with_suffix")
_SET_TO_SET = ("copy", "difference", "intersection", "symmetric_difference", "union")
_STR_TO_STR = ("format", "join", "lower", "lstrip", "replace", "rstrip", "strip", "title", "upper")

METHODS = {
    "builtins.bytes": {"decode": "builtins.str", "hex": "builtins.str"},
    "builtins.dict": {
        "items": "collections.abc.ItemsView",
        "keys": "collections.abc.KeysView",
        "values": "collections.abc.ValuesView",
    },
    "builtins.frozenset": dict.fromkeys(_SET_TO_SET, "builtins.frozenset"),
    "builtins.int": {"to_bytes": "builtins.bytes"},
    "builtins.set": dict.fromkeys(_SET_TO_SET, "builtins.set"),
    "builtins.str": {
        "encode": "builtins.bytes",
        "split": "builtins.list",
        "splitlines": "builtins.list",
        **dict.fromkeys(_STR_TO_STR, "builtins.str"),
    },
    "datetime.datetime": {
        "astimezone": "datetime.datetime",
        "date": "datetime.date",
        "replace": "datetime.datetime",
        "time": "datetime.time",
    },
    "io.BytesIO": dict.fromkeys(("getvalue", "read"), "builtins.bytes"),
    "io.StringIO": dict.fromkeys(("getvalue", "read"), "builtins.str"),
    "pathlib.Path": {
        "read_bytes": "builtins.bytes",
        "read_text": "builtins.str",
        **dict.fromkeys(_PATH_TO_PATH, "pathlib.Path"),
    },
}
"""Of instances of a class, by the method's name."""
