"""The wall: many live logs at once, streamed or polled."""
