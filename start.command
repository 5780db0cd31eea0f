#!/bin/sh
# A double click starts Open-LLM-VTuber on macOS (on Linux: ./start.command). The first time it fetches
# uv, which brings Python and all else into this folder.
set -eu
cd "$(dirname "$0")"
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
if ! command -v uv >/dev/null; then
  if command -v brew >/dev/null; then
    brew install uv
  else
    curl -LsSf https://astral.sh/uv/install.sh | sh
  fi
fi
(
  # her page, once it is there; `$$` becomes the server
  until curl -fs -o /dev/null http://localhost:12393/; do
    sleep 1
    kill -0 $$ 2>/dev/null || exit 0
  done
  if command -v open >/dev/null; then open http://localhost:12393/; fi
) >/dev/null 2>&1 &
exec uv run run_server.py "$@"
