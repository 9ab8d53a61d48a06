"""The `config` that `__init__` is given: config.yaml with the server's defaults for what it leaves out."""

from collections.abc import Mapping

from truss_cli.predict.surroundings import environment_variables
from truss_cli.project import Truss

_DEFAULTS: Mapping[str, object] = {
    "apply_library_patches": True,
    "base_image": None,
    "bdn": {"access": [], "hotload": {"enabled": False}, "mounts": []},
    "bis_llm": None,
    "build": {
        "arguments": {},
        "model_server": "TrussServer",
        "no_cache": False,
        "secret_to_path_mapping": {},
    },
    "build_commands": [],
    "bundled_packages_dir": "packages",
    "cache_internal": [],
    "data_dir": "data",
    "description": None,
    "docker_server": None,
    "environment_variables": {},
    "examples_filename": "examples.yaml",
    "external_data": None,
    "external_package_dirs": [],
    "input_type": "Any",
    "live_reload": False,
    "model_cache": [],
    "model_class_filename": "model.py",
    "model_class_name": "Model",
    "model_framework": "custom",
    "model_metadata": {},
    "model_module_dir": "model",
    "model_name": None,
    "model_type": "Model",
    "python_version": "py313",
    "requirements": [],
    "requirements_file": None,
    "resources": {"accelerator": None, "cpu": "1", "memory": "2Gi", "use_gpu": False},
    "runtime": {
        "egress_restrictions": None,
        "enable_debug_logs": False,
        "enable_tracing_data": False,
        "health_checks": {
            "restart_check_delay_seconds": None,
            "restart_threshold_seconds": None,
            "startup_threshold_seconds": None,
            "stop_traffic_threshold_seconds": None,
        },
        "is_websocket_endpoint": False,
        "oidc": {"enabled": None},
        "predict_concurrency": 1,
        "remote_ssh": {"enabled": False},
        "streaming_read_timeout": 60,
        "transport": {"kind": "http"},
        "truss_server_version_override": None,
    },
    "secrets": {},
    "spec_version": "2.0",
    "system_packages": [],
    "training_checkpoints": None,
    "trt_llm": None,
    "use_local_src": False,
    "weights": [],
}
_SECTIONS = ("bdn", "build", "resources", "runtime")


def given_config(truss: Truss) -> dict[str, object]:
    """Give a dict of the model's own, which it may change."""
    config = _filled(_DEFAULTS, truss.values)
    for section in _SECTIONS:
        defaults, values = _DEFAULTS[section], truss.values.get(section)
        if isinstance(defaults, dict):
            config[section] = _filled(defaults, values if isinstance(values, dict) else {})
    config["environment_variables"] = environment_variables(truss)
    return config


def _filled(defaults: Mapping[str, object], values: Mapping[str, object]) -> dict[str, object]:
    """Take what is given, and of what is not a copy of the default."""
    import copy  # noqa: PLC0415 - for models that ask for their config

    return copy.deepcopy({**defaults, **values})
