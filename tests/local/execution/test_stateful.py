"""Random sequences of everything that can happen to an engine; a short form of the bench's."""

from tests.support.engine_machine import machine

TestShort = machine(examples=3, steps=30)
