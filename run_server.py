"""Start Open-LLM-VTuber: `python run_server.py [--verbose]`."""

import sys

from open_llm_vtuber.cli import main

if __name__ == "__main__":
    sys.exit(main())
