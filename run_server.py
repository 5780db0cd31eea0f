"""Start Open-LLM-VTuber: `python run_server.py [--verbose]`."""

import os
import signal
import sys

STOPPED_BY_CTRL_C = 130

if __name__ == "__main__":
    # There is nothing to be ended cleanly yet, and an exception can get lost amid imports.
    ctrl_c = signal.signal(signal.SIGINT, lambda *_: os._exit(STOPPED_BY_CTRL_C))
    from open_llm_vtuber.cli.main import main

    signal.signal(signal.SIGINT, ctrl_c)
    try:
        code = main()
    except KeyboardInterrupt:
        code = STOPPED_BY_CTRL_C
    sys.exit(code)
