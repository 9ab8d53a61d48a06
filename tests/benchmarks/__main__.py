"""Runs all benchmarks, or those that are named: `python tests/benchmarks [NAME]...`."""

import sys

import bench_check
import bench_predict
from measuring import show

show({**bench_check.BENCHMARKS, **bench_predict.BENCHMARKS}, sys.argv[1:])
