@echo off
rem Runs Maven on a JDK of 25 or newer. Finds the JDK, fetches Maven once, and needs nothing else installed.
setlocal
set "MVNW_SELF=%~f0"
for /f "usebackq delims=" %%L in (`powershell -NoProfile -ExecutionPolicy Bypass -Command "$text = Get-Content -Raw -LiteralPath $env:MVNW_SELF; Invoke-Expression $text.Substring($text.IndexOf('# POWERSHELL' + ' PART'))"`) do set "%%L"
if not defined MVNW_MAVEN exit /b 1
"%MVNW_MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%

# POWERSHELL PART: prints JAVA_HOME=... and MVNW_MAVEN=..., or says on the error stream what is missing.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$leastJdk = 25
$version = '3.9.16'
$sha512 = 'ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3'
$archive = "https://archive.apache.org/dist/maven/maven-3/$version/binaries/apache-maven-$version-bin.zip"

function Fail($message) {
    [Console]::Error.WriteLine("mvnw: $message")
    exit 1
}

function Test-Jdk($folder) {
    if (-not $folder -or -not (Test-Path "$folder\bin\javac.exe") -or -not (Test-Path "$folder\release")) { return $false }
    $line = Select-String -Path "$folder\release" -Pattern '^JAVA_VERSION="(\d+)'
    return $line -and [int]$line.Matches[0].Groups[1].Value -ge $leastJdk
}

$java = Get-Command java -ErrorAction SilentlyContinue
$folders = @($env:JAVA_HOME)
if ($java) { $folders += Split-Path (Split-Path $java.Source) }
foreach ($place in 'Java', 'Eclipse Adoptium', 'Microsoft', 'Amazon Corretto', 'Zulu', 'BellSoft', 'GraalVM') {
    $folders += Get-ChildItem -Directory "$env:ProgramFiles\$place" -ErrorAction SilentlyContinue | ForEach-Object FullName
}
$folders += Get-ChildItem -Directory "$env:USERPROFILE\.jdks" -ErrorAction SilentlyContinue | ForEach-Object FullName
$jdk = $folders | Where-Object { Test-Jdk $_ } | Select-Object -First 1
if (-not $jdk) { Fail "no JDK $leastJdk or newer is found: install one (for example Eclipse Temurin $leastJdk), or set JAVA_HOME to it" }
$env:JAVA_HOME = $jdk

$home_ = if ($env:MAVEN_USER_HOME) { $env:MAVEN_USER_HOME } else { "$env:USERPROFILE\.m2" }
$dists = "$home_\wrapper\dists"
$maven = "$dists\apache-maven-$version"
if (-not (Test-Path "$maven\bin\mvn.cmd")) {
    [Console]::Error.WriteLine("mvnw: fetching Maven $version, once")
    $draft = New-Item -ItemType Directory -Force "$dists\fetch.$PID"
    try {
        $fetched = $false
        if (Get-Command mvn -ErrorAction SilentlyContinue) {
            Push-Location $draft
            & mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack "-Dartifact=org.apache.maven:apache-maven:${version}:zip:bin" "-DoutputDirectory=$draft" | Out-Null
            $fetched = $LASTEXITCODE -eq 0
            Pop-Location
        }
        if (-not $fetched) {
            Invoke-WebRequest -UseBasicParsing -Uri $archive -OutFile "$draft\maven.zip"
            if ((Get-FileHash -Algorithm SHA512 "$draft\maven.zip").Hash -ne $sha512) { Fail "the checksum of $archive is wrong" }
            Expand-Archive -Path "$draft\maven.zip" -DestinationPath $draft
        }
        Move-Item "$draft\apache-maven-$version" $maven
    } catch {
        if (-not (Test-Path "$maven\bin\mvn.cmd")) { Fail "Maven $version cannot be fetched: $_" }
    } finally {
        Remove-Item -Recurse -Force $draft -ErrorAction SilentlyContinue
    }
}
"JAVA_HOME=$jdk"
"MVNW_MAVEN=$maven"
