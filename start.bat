@echo off
rem A double click starts Open-LLM-VTuber on Windows. The first time it fetches uv, which brings
rem Python and all else into this folder.
cd /d "%~dp0"
set "PATH=%USERPROFILE%\.local\bin;%LOCALAPPDATA%\Microsoft\WinGet\Links;%PATH%"
where uv >nul 2>nul || winget install --exact --id astral-sh.uv --accept-source-agreements --accept-package-agreements
where uv >nul 2>nul || (
  echo uv could not be installed. Install it as its documentation says, and start this file again.
  pause
  exit /b 1
)
rem her page, once it is there
start "" /b powershell -NoProfile -Command "foreach ($n in 1..600) { try { Invoke-WebRequest -UseBasicParsing http://localhost:12393/ -TimeoutSec 2 | Out-Null; Start-Process http://localhost:12393/; break } catch { Start-Sleep 1 } }"
uv run run_server.py %*
if errorlevel 1 pause
