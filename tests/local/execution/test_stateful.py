"""Stateful test of an engine with random sequences; the short version of the benchmark."""

from tests.support.engine_machine import engine_test_case

TestShort = engine_test_case(examples=3, steps=30)
