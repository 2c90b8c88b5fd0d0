"""The parts of deploy/sample/generate, one per subject."""
