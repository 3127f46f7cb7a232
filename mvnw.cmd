@echo off
rem Runs Maven 3.9.16 on a JDK 25 or later, finding both or saying what to install.
setlocal enabledelayedexpansion
set "VERSION=3.9.16"
set "SHA512=ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "MAVEN=%MAVEN_USER_HOME%\latchkey-maven\apache-maven-%VERSION%"

set "FOUND="
if defined JAVA_HOME call :try "%JAVA_HOME%"
if not defined FOUND for %%J in (javac.exe) do if not "%%~$PATH:J"=="" call :try "%%~dp$PATH:J.."
if not defined FOUND for /d %%J in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%USERPROFILE%\.jdks\*") do if not defined FOUND call :try "%%~J"
if not defined FOUND (
  echo mvnw: no JDK 25 or later found: install one, such as Eclipse Temurin 25, or point JAVA_HOME to it 1>&2
  exit /b 1
)
set "JAVA_HOME=%FOUND%"

if not exist "%MAVEN%\bin\mvn.cmd" (
  echo mvnw: getting Maven %VERSION% ^(once^) 1>&2
  powershell -NoProfile -ExecutionPolicy Bypass -Command ^
    "$ErrorActionPreference='Stop'; $v='%VERSION%'; $to='%MAVEN_USER_HOME%\latchkey-maven'; New-Item -ItemType Directory -Force $to | Out-Null;" ^
    "$zip=Join-Path $env:TEMP \"maven-$v.zip\"; Invoke-WebRequest \"https://archive.apache.org/dist/maven/maven-3/$v/binaries/apache-maven-$v-bin.zip\" -OutFile $zip;" ^
    "$sum='%SHA512%';" ^
    "if ((Get-FileHash $zip -Algorithm SHA512).Hash -ne $sum) { throw 'checksum' }; Expand-Archive $zip $to -Force; Remove-Item $zip"
  if errorlevel 1 (
    echo mvnw: Maven %VERSION% cannot be had 1>&2
    exit /b 1
  )
)
cd /d "%~dp0"
call "%MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%

:try
if not exist "%~1\bin\javac.exe" goto :eof
for /f "tokens=2" %%V in ('"%~1\bin\javac.exe" -version 2^>^&1') do for /f "delims=.-+ tokens=1" %%M in ("%%V") do if %%M geq 25 set "FOUND=%~f1"
goto :eof
