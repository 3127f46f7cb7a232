#!/usr/bin/env bash
# Does a deployment's API key endpoint work? Makes a few keys, uses them, and revokes them again.
#   scripts/api-key-smoke.sh https://keys.example.com
# With LATCHKEY_ADMIN_USERNAME and LATCHKEY_ADMIN_PASSWORD in the environment the roles that only administrators give are tried too.
# Needs bash, curl and nothing else. Ends with 1 if a check failed, and with 2 if the service is not reached.
set -uo pipefail

base=${1:-http://localhost:8080}
base=${base%/}
total=0 passed=0
made=()
body=$(mktemp) headers=$(mktemp)

# Texts of keys go to curl by a file, so that no list of processes shows them.
call() { # method path bearer [json]
  local config=""
  [ -z "$3" ] || config="header = \"Authorization: Bearer $3\""
  status=$(curl -sS -m 20 -o "$body" -D "$headers" -w '%{http_code}' -X "$1" -K <(printf '%s\n' "$config") \
    -H 'Accept: application/json' ${4:+-H 'Content-Type: application/json' --data-binary @<(printf '%s' "$4")} \
    "$base$2" 2>/dev/null) || status=000
}

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$body" | head -n 1; }

check() { # what expected [text that the answer must hold]
  total=$((total + 1))
  if [ "$status" = "$2" ] && { [ -z "${3-}" ] || grep -qF -- "$3" "$body"; }; then
    passed=$((passed + 1))
    echo "ok    $1"
  else
    echo "FAIL  $1: expected $2${3:+ with $3}, got $status $(head -c 200 "$body" | sed 's/eyJ[A-Za-z0-9_.-]*/eyJ.../g')"
  fi
}

header() { # what name
  total=$((total + 1))
  if grep -qi "^$2:" "$headers"; then
    passed=$((passed + 1))
    echo "ok    $1"
  else
    echo "FAIL  $1: there is no header $2"
  fi
}

register() { # role bearer; leaves its text in $key
  call POST /api/auth/v2/register "$2" "{\"name\":\"smoke test\",\"key_type\":\"$1\"}"
  key=$(field api_key)
  [ -z "$key" ] || made+=("$key")
}

finish() {
  for text in "${made[@]}"; do
    # RFC 7009: a credential of any kind revokes itself.
    curl -sS -m 20 -o /dev/null -K <(printf 'header = "Authorization: Bearer %s"\n' "$text") \
      --data-urlencode token@<(printf '%s' "$text") "$base/oauth2/revoke"
  done
  rm -f "$body" "$headers"
}
trap finish EXIT

call GET /health ""
if [ "$status" = 000 ]; then
  echo "$base is not reached" >&2
  exit 2
fi
check "the service is healthy" 200 '"healthy"'

echo "Registration and validation"
register basic ""
check "anyone registers a basic key" 201 '"role":"basic"'
basic=$key
call GET /api/auth/v2/validate "$basic"
check "the key is valid" 200 '"valid":true'
header "the answer tells the limit" X-RateLimit-Limit
call GET /api/auth/v2/validate "${basic}x"
check "a tampered key is refused" 401
call GET /api/auth/v2/validate ""
check "no key is refused" 401 'Not authenticated'
register nonsense ""
check "an unknown role is refused" 400 invalid_role
call POST /api/auth/v2/refresh "" "{\"current_key\":\"$basic\"}"
check "a fresh key cannot be refreshed yet" 400 too_early_to_refresh
call POST /api/auth/v2/derive "$basic" '{"scopes":["chat:read"],"ttl":60}'
check "a short-lived token is derived" 201 '"token_type":"bearer"'
call GET /api/auth/v2/validate "$(field token)"
check "the derived token is valid" 200 '"valid":true'

echo "Permissions"
for role in contributor node-operator admin; do
  register "$role" ""
  check "nobody known registers a $role key" 403 insufficient_permissions
  register "$role" "$basic"
  check "a basic key registers no $role key" 403 insufficient_permissions
done
if [ -n "${LATCHKEY_ADMIN_USERNAME-}" ] && [ -n "${LATCHKEY_ADMIN_PASSWORD-}" ]; then
  quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
  call POST /api/auth/login "" "{\"username\":\"$(quoted "$LATCHKEY_ADMIN_USERNAME")\",\"password\":\"$(quoted "$LATCHKEY_ADMIN_PASSWORD")\"}"
  check "the administrator logs in" 200 access_token
  session=$(field access_token)
  register admin "$session"
  check "an administrator registers an admin key" 201 '"role":"admin"'
  admin=$key
  for role in contributor node-operator; do
    register "$role" "$admin"
    check "an admin key registers a $role key" 201 "\"role\":\"${role/-/_}\""
    made_by=$key
    register basic "$made_by"
    check "a $role key registers a basic key" 201 '"role":"basic"'
    register admin "$made_by"
    check "a $role key registers no admin key" 403 insufficient_permissions
  done
  call GET "/api/auth/v2/keys?limit=1" "$admin"
  check "an admin key lists keys" 200 '"items"'
else
  echo "skip  roles that administrators give: LATCHKEY_ADMIN_USERNAME and LATCHKEY_ADMIN_PASSWORD are not set"
fi

echo "The first version"
call POST /api/auth/register_api_key "" '{"name":"smoke test","key_type":"basic"}'
header "its answers say that it ends" Sunset
header "and since when" Deprecation
if [ "$status" = 410 ]; then
  echo "skip  the first version is off here"
else
  check "a V1 key is registered" 201 '"api_key"'
  old=$(field api_key)
  [ -z "$old" ] || made+=("$old")
  call GET /api/auth/validate "$old"
  check "the V1 key is valid" 200 '"valid":true'
  call GET /api/auth/v2/validate "$old"
  check "V2 does not take it" 401
  call GET /api/auth/validate "$basic"
  check "V1 does not take V2 keys" 401
  call POST /api/auth/v2/migrate "$old"
  check "it is migrated" 201 '"replaces"'
  new=$(field api_key)
  [ -z "$new" ] || made+=("$new")
  call GET /api/auth/v2/validate "$new"
  check "the key that came of it is valid" 200 '"valid":true'
  call GET /api/auth/validate "$old"
  check "and the V1 key goes on for a while" 200 '"valid":true'
fi

echo "Revocation"
call POST /api/auth/v2/revoke "$basic"
check "a key revokes itself" 200 '"revoked"'
call GET /api/auth/v2/validate "$basic"
check "and is refused at once" 401 revoked_token

echo
echo "Total: $total  Passed: $passed  Failed: $((total - passed))"
[ "$passed" = "$total" ]
