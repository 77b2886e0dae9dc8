@echo off
rem Starts Vaktbord on Windows: vaktbord demo. See docs\INSTALL.md.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0vaktbord.ps1" %*
