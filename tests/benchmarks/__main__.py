"""Runs all benchmarks, or those that are named: `python tests/benchmarks [NAME]...`."""

import sys

import bench_check
import bench_predict
import bench_serve
from measuring import show

show({**bench_check.BENCHMARKS, **bench_predict.BENCHMARKS, **bench_serve.BENCHMARKS}, sys.argv[1:])
