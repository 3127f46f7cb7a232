#!/usr/bin/env bash
# Brings the bots of an S3 database to their owners here, who are known by their addresses.
#   S3_DATABASE=postgresql://reader:password@db.example.com/s3 LATCHKEY_TOKEN=... scripts/import-s3.sh https://keys.example.com
# Options: --dry-run only checks; --match username, if owners are known by their names instead.
# LATCHKEY_TOKEN is the access token of an admin's session; the service has BOT_ENCRYPTION_KEY, which opens what S3 sealed (docs/bots-import.md).
# Without S3_DATABASE, psql's own PGHOST, PGDATABASE, PGUSER, PGPASSWORD ... say which database; it is only read.
# All is checked before anything is imported, by at most 500 bots at a time; what is there already is skipped, so it may be run again.
# Secrets go through pipes alone, sealed as they are: none is in a file, in the output, or in a list of processes.
# Needs bash, curl and psql. Ends with 1 if something was refused, and with 2 if it could not be tried.
set -uo pipefail
export LC_ALL=C # Lengths are in bytes.

most_bots=500 most_bytes=900000 # What the service takes, nearly.
base="" match=email dry_run=""

fail() {
  echo "$1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --match) match=${2-} && shift ;;
    -*) fail "$1 is not an option" ;;
    *) base=${1%/} ;;
  esac
  shift
done
[ -n "$base" ] || fail "usage: import-s3.sh [--dry-run] [--match email|username] https://keys.example.com"
[[ $match =~ ^(email|username)$ ]] || fail "--match is email or username"
token=${LATCHKEY_TOKEN-}
[[ $token =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail "LATCHKEY_TOKEN must be the access token of an admin"
for program in curl psql; do
  command -v "$program" >/dev/null || fail "$program is needed"
done

# A password in the address would be seen in psql's command line.
address=()
if [ -n "${S3_DATABASE-}" ]; then
  [[ $S3_DATABASE =~ ^postgres(ql)?(\+[a-z0-9]+)?://(([^:@/?]*)(:([^@/?]*))?@)?(.*)$ ]] ||
    fail "S3_DATABASE must be postgresql://user:password@host:port/database"
  user=${BASH_REMATCH[4]} password=${BASH_REMATCH[6]} rest=${BASH_REMATCH[7]}
  [[ $rest != *@* && $rest != *password=* ]] ||
    fail "The password of S3_DATABASE belongs between user and host, with reserved characters as %XX, or into PGPASSWORD"
  if [ -n "$password" ]; then
    password=${password//\\/\\\\}
    printf -v PGPASSWORD '%b' "${password//%/\\x}"
    export PGPASSWORD
  fi
  address=(-d "postgresql://${user:+$user@}$rest")
fi
unset S3_DATABASE LATCHKEY_TOKEN

query="select json_build_object(
    'user', u.$match, 'bot_token', b.bot_token, 'telegram_api_hash', nullif(b.telegram_api_hash, ''), 'telegram_phone', nullif(b.telegram_phone, ''),
    'session_string', nullif(b.session_string, ''), 'telegram_api_id', nullif(b.telegram_api_id::text, '')::bigint,
    'bot_username', nullif(ltrim(b.bot_username, '@'), ''), 'bot_id', nullif(b.bot_id::text, '')::bigint,
    'status', lower(b.status::text), 'is_verified', b.is_verified is true,
    'rate_limit_rps', b.rate_limit_rps, 'max_concurrent_requests', b.max_concurrent_requests, 'total_requests', b.total_requests,
    'last_used_at', b.last_used_at, 'suspension_reason', nullif(trim(b.suspension_reason), ''), 'created_at', b.created_at)
  from user_bots b left join users u on u.id = b.user_id order by b.id"

bots() { PGCLIENTENCODING=UTF8 psql -XqAt -v FETCH_COUNT=$most_bots ${address[@]+"${address[@]}"} -c "$query"; }

send() { # dry_run document first last
  local answer status body
  answer=$(printf '%s' "$2" | curl -sS -m 120 -w '\n%{http_code}' -K <(printf 'header = "Authorization: Bearer %s"\n' "$token") \
    -H 'Content-Type: application/x-ndjson' -H 'Accept: application/json' --data-binary @- \
    "$base/api/admin/bots/import?dry_run=$1") || fail "$base is not reached"
  status=${answer##*$'\n'} body=${answer%$'\n'*}
  if [ "$status" != 200 ]; then
    echo "FAIL  bots $3 to $4, in the order of user_bots.id, of which line 1 is bot $3: $status ${body:0:20000}"
    return 1
  fi
  imported=$((imported + $(number imported "$body"))) skipped=$((skipped + $(number skipped "$body")))
}

number() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" <<<"$2"; }

send_all() { # dry_run
  local line document="" read=0 sent=0 failed=0
  imported=0 skipped=0
  while IFS= read -r line; do
    if [ "$read" -gt "$sent" ] && { [ $((read - sent)) -ge $most_bots ] || [ $((${#document} + ${#line})) -ge $most_bytes ]; }; then
      send "$1" "$document" $((sent + 1)) "$read" || failed=1
      document="" sent=$read
    fi
    document+=$line$'\n'
    read=$((read + 1))
  done
  if [ "$read" -gt "$sent" ]; then
    send "$1" "$document" $((sent + 1)) "$read" || failed=1
  fi
  [ "$1" = true ] && verb="can be imported" || verb="imported"
  echo "$read bots: $imported $verb, $skipped here already"
  return $failed
}

run() { # dry_run
  bots | send_all "$1"
  local statuses=("${PIPESTATUS[@]}")
  [ "${statuses[1]}" = 0 ] || exit "${statuses[1]}"
  [ "${statuses[0]}" = 0 ] || fail "The S3 database could not be read to its end"
}

run true
[ -n "$dry_run" ] || run false
