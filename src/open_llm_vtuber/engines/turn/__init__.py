"""Turn detectors: whether somebody who pauses is done."""
