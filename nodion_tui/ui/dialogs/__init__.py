"""Modal forms and questions: each dismisses a value and performs nothing."""
