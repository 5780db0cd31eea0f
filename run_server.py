"""Start Open-LLM-VTuber: `python run_server.py [--verbose]`."""

import sys

STOPPED_BY_CTRL_C = 130

if __name__ == "__main__":
    try:
        from open_llm_vtuber.cli import main

        code = main()
    except KeyboardInterrupt:  # before there was anything to be ended cleanly
        code = STOPPED_BY_CTRL_C
    sys.exit(code)
