"""Moving a line to its ported number: step by step, each proven, each with an inverse."""
