"""Models whose code changes the interpreter or the process that the tool also runs in."""

import pytest

from callables import Predict

MODELS = {
    "recursion limit on import": (
        """
        import sys
        sys.setrecursionlimit(25)
        class Model:
            def predict(self, i): return i
        """,
        "the recursion limit of 25, which the model's code sets, is too low",
    ),
    "recursion limit in load": (
        """
        import sys
        class Model:
            def load(self): sys.setrecursionlimit(18)
            async def predict(self, i): return i
        """,
        "the recursion limit of 18, which the model's code sets, is too low",
    ),
    "recursion limit in predict": (
        """
        import sys
        class Model:
            def predict(self, i):
                sys.setrecursionlimit(30)
                return i
        """,
        "the recursion limit of 30, which the model's code sets, is too low",
    ),
    "trace function": (
        """
        import sys
        class Model:
            async def predict(self, i):
                sys.settrace(fail_in_tool)
                return i
        def fail_in_tool(frame, *_):
            if "truss_cli" in frame.f_code.co_filename:
                raise ValueError("traced")
        """,
        "the model's code raised ValueError at model.py:9: traced",
    ),
    "stopped loop": (
        """
        import asyncio
        class Model:
            async def predict(self, i):
                asyncio.get_running_loop().stop()
                await asyncio.sleep(60)
        """,
        "the model's code stopped the event loop",
    ),
}


@pytest.mark.parametrize(("source", "message"), MODELS.values(), ids=MODELS)
def test_the_models_code_is_named_as_the_cause(source: str, message: str, predict: Predict) -> None:
    process = predict(source)
    assert process.returncode == 1
    [error] = [line for line in process.stderr.splitlines() if line.startswith("error: ")]
    assert error == f"error: {message}"
    assert "Traceback" not in process.stderr


def test_a_limit_of_the_process_is_named(predict: Predict) -> None:
    process = predict(
        """
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        class Model:
            async def predict(self, i): return i
        """
    )
    assert process.returncode == 2
    assert "error: the system refused" in process.stderr
    assert "Too many open files" in process.stderr


def test_a_trace_function_that_measures_the_model_stays(predict: Predict) -> None:
    process = predict(
        """
        import sys
        class Model:
            def predict(self, i):
                sys.setrecursionlimit(5000)
                sys.settrace(lambda *_: None)
                return sys.getrecursionlimit()
        """
    )
    assert (process.returncode, process.stdout) == (0, "5000\n")
