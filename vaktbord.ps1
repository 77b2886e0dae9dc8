# Starts Vaktbord on Windows (not tested there): .\vaktbord.ps1 demo
# The first run makes .venv from requirements.lock; later ones only compare a stamp.
$ErrorActionPreference = 'Stop'
$Root = $PSScriptRoot
$Lock = Join-Path $Root 'requirements.lock'
$Venv = Join-Path $Root '.venv'
$Python = Join-Path $Venv 'Scripts\python.exe'
$Stamp = Join-Path $Venv '.vaktbord-run'

function Stop-With([string] $Sentence) {
    [Console]::Error.WriteLine("vaktbord: $Sentence")
    exit 1
}

function Find-Python {
    # The launcher first; then whatever `python` is.
    $Candidates = @(@('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('py', '-3.14'), @('python'))
    foreach ($Line in $Candidates) {
        if (-not (Get-Command $Line[0] -ErrorAction SilentlyContinue)) { continue }
        $Rest = @($Line | Select-Object -Skip 1)
        $Found = & $Line[0] @Rest -c 'import sys; print(sys.executable if (3, 11) <= sys.version_info < (3, 15) else str())' 2>$null
        if ($LASTEXITCODE -eq 0 -and $Found) { return $Found }
    }
    Stop-With 'Python 3.11 or newer is needed: install it from python.org, then run this again.'
}

function Initialize-Environment([string] $Wanted) {
    $Base = Find-Python
    if (Test-Path $Venv) { Remove-Item -Recurse -Force $Venv }
    [Console]::Error.WriteLine('vaktbord: making .venv ...')
    & $Base -m venv $Venv
    if ($LASTEXITCODE -ne 0) { Stop-With 'making .venv failed; what Python said stands above.' }
    [Console]::Error.WriteLine('vaktbord: Python packages: fetching and checking what requirements.lock names ...')
    & $Python -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes --only-binary ':all:' -r $Lock
    if ($LASTEXITCODE -ne 0) { Stop-With 'installing packages failed: check the network and the disk, then run this again.' }
    Set-Content -Path $Stamp -Value $Wanted
}

if ($args.Count -gt 0 -and $args[0] -eq 'test') { Stop-With 'the tests need Linux: run ./vaktbord test there.' }
$Wanted = (Get-FileHash -Algorithm SHA256 $Lock).Hash
$Ready = (Test-Path $Python) -and (Test-Path $Stamp) -and ((Get-Content $Stamp) -eq $Wanted)
if (-not $Ready) { Initialize-Environment $Wanted }
$env:PYTHONPATH = $Root
$env:PYTHONSAFEPATH = '1'
& $Python -m console.cli @args
exit $LASTEXITCODE
