#!/usr/bin/env bash
# Brings the clients of an S2 database, each with its live token, into the tenant of an administrator.
#   S2_DATABASE=postgresql://reader:password@db.example.com/s2 LATCHKEY_TOKEN=... scripts/import-s2.sh https://keys.example.com
# Options: --dry-run only checks; --provider NAME, if it is not google.
# LATCHKEY_TOKEN has admin:tenant. Without S2_DATABASE, psql's own PGHOST, PGDATABASE, PGUSER, PGPASSWORD ... say which database; it is only read.
# All is checked before anything is imported, by at most 500 clients at a time; what is there already is skipped, so it may be run again.
# Secrets go through pipes alone: none is in a file, in the output, or in a list of processes.
# Needs bash, curl and psql. Ends with 1 if something was refused, and with 2 if it could not be tried.
set -uo pipefail
export LC_ALL=C # Lengths are in bytes.

most_clients=500 most_bytes=900000 # What the service takes, nearly.
base="" provider=google dry_run=""

fail() {
  echo "$1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --provider) provider=${2-} && shift ;;
    -*) fail "$1 is not an option" ;;
    *) base=${1%/} ;;
  esac
  shift
done
[ -n "$base" ] || fail "usage: import-s2.sh [--dry-run] [--provider NAME] https://keys.example.com"
[[ $provider =~ ^[A-Za-z0-9._~:/-]+$ ]] || fail "--provider is not the name of one"
token=${LATCHKEY_TOKEN-}
[[ $token =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail "LATCHKEY_TOKEN must be a token with admin:tenant"
for program in curl psql; do
  command -v "$program" >/dev/null || fail "$program is needed"
done

# A password in the address would be seen in psql's command line.
address=()
if [ -n "${S2_DATABASE-}" ]; then
  [[ $S2_DATABASE =~ ^postgres(ql)?(\+[a-z0-9]+)?://(([^:@/?]*)(:([^@/?]*))?@)?(.*)$ ]] ||
    fail "S2_DATABASE must be postgresql://user:password@host:port/database"
  user=${BASH_REMATCH[4]} password=${BASH_REMATCH[6]} rest=${BASH_REMATCH[7]}
  [[ $rest != *@* && $rest != *password=* ]] ||
    fail "The password of S2_DATABASE belongs between user and host, with reserved characters as %XX, or into PGPASSWORD"
  if [ -n "$password" ]; then
    password=${password//\\/\\\\}
    printf -v PGPASSWORD '%b' "${password//%/\\x}"
    export PGPASSWORD
  fi
  address=(-d "postgresql://${user:+$user@}$rest")
fi
unset S2_DATABASE LATCHKEY_TOKEN

# Of its tokens S2 takes the newest that is valid and not revoked; the others are void. Logins go on asking for what they asked for last.
query="select json_build_object(
    'client_id', c.client_id::text, 'client_secret', nullif(c.client_secret, ''), 'redirect_uri', c.redirect_uri, 'branch_id', c.branch_id::text,
    'workspace_email', c.workspace_email, 'workspace_name', c.workspace_name, 'is_active', c.is_active is true,
    'created_at', c.created_at, 'updated_at', c.updated_at,
    'scope', (select t.scope from tokens t where t.client_id = c.id and trim(t.scope) <> '' order by t.created_at desc nulls last, t.id desc limit 1),
    'token', (
      select json_build_object(
          'access_token', t.access_token, 'refresh_token', nullif(t.refresh_token, ''), 'token_type', nullif(t.token_type, ''),
          'scope', nullif(trim(t.scope), ''), 'expires_at', t.expires_at, 'last_refreshed_at', t.last_refreshed_at, 'created_at', t.created_at)
      from tokens t where t.client_id = c.id and t.is_valid is true and t.is_revoked is not true
      order by t.created_at desc nulls last, t.id desc limit 1))
  from clients c order by c.id"

clients() { PGCLIENTENCODING=UTF8 psql -XqAt -v FETCH_COUNT=$most_clients ${address[@]+"${address[@]}"} -c "$query"; }

send() { # dry_run document first last
  local answer status body
  answer=$(printf '%s' "$2" | curl -sS -m 120 -w '\n%{http_code}' -K <(printf 'header = "Authorization: Bearer %s"\n' "$token") \
    -H 'Content-Type: application/x-ndjson' -H 'Accept: application/json' --data-binary @- \
    "$base/token-management/migration/import?provider=$provider&dry_run=$1") || fail "$base is not reached"
  status=${answer##*$'\n'} body=${answer%$'\n'*}
  if [ "$status" != 200 ]; then
    echo "FAIL  clients $3 to $4, in the order of clients.id, of which line 1 is client $3: $status ${body:0:20000}"
    return 1
  fi
  imported=$((imported + $(number imported "$body"))) skipped=$((skipped + $(number skipped "$body")))
}

number() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" <<<"$2"; }

send_all() { # dry_run
  local line document="" read=0 sent=0 failed=0
  imported=0 skipped=0
  while IFS= read -r line; do
    if [ "$read" -gt "$sent" ] && { [ $((read - sent)) -ge $most_clients ] || [ $((${#document} + ${#line})) -ge $most_bytes ]; }; then
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
  echo "$read clients: $imported $verb, $skipped here already"
  return $failed
}

run() { # dry_run
  clients | send_all "$1"
  local statuses=("${PIPESTATUS[@]}")
  [ "${statuses[1]}" = 0 ] || exit "${statuses[1]}"
  [ "${statuses[0]}" = 0 ] || fail "The S2 database could not be read to its end"
}

run true
[ -n "$dry_run" ] || run false
