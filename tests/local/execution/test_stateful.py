"""Random sequences of everything that can happen to an engine; a short form of the bench's."""

from tests.support.engine_machine import engine_test_case

TestShort = engine_test_case(examples=3, steps=30)
